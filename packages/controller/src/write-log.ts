import type { CachedObject, ObjectKey } from '@client-ts/cache';
import { type Change, versionOf } from './change.js';
import type { SpanContext } from './tracing.js';

/** How many writes are remembered. A watch brings them within moments; what has been forgotten counts as somebody else's. */
const MaxWrites = 10_000;

interface Write {
  /** The version that the write was made under: `''` for a creation; `undefined` when it was made whatever there was. */
  readonly before: string | undefined;
  readonly span: SpanContext | undefined;
}

/**
 * What this process wrote to one resource, by the version that came of it.
 *
 * A change is one's own when it leads from a version to another by writes of this process only, each made under the version that
 * the one before it had left. A server refuses such a write when anybody else was faster, so nothing of anybody else's can hide in it.
 * What was written under no version, as by most patches, is never one's own: the change may bring what others did shortly before.
 */
export class WriteLog {
  /** Whether it is told of spans. */
  readonly isTraced: boolean;
  readonly #writes = new Map<string, Write>();
  /** Keys with writes under way: how many, and what waits for their answers. */
  readonly #open = new Map<ObjectKey, { count: number; readonly waiting: (() => void)[] }>();

  constructor({ isTraced = false }: { readonly isTraced?: boolean } = {}) {
    this.isTraced = isTraced;
  }

  /** A write of this object begins. @returns to be called when it has been answered, or failed. */
  begin(key: ObjectKey): () => void {
    const known = this.#open.get(key) ?? { count: 0, waiting: [] };
    this.#open.set(key, known);
    known.count++;
    return () => {
      if (--known.count > 0) return;
      this.#open.delete(key);
      for (const each of known.waiting) each();
    };
  }

  /** Calls `then` at once, or when the writes of this object that are under way have been answered. It must not throw. */
  whenAnswered(key: ObjectKey, then: () => void): void {
    const open = this.#open.get(key);
    if (open) open.waiting.push(then);
    else then();
  }

  /** @param after - what the server answered to a write. */
  record(before: string | undefined, after: CachedObject, span?: SpanContext): void {
    const version = versionOf(after);
    // One that changed nothing has no event; it would hide the one of whoever made that version.
    if (version === undefined || version === before) return;
    if (before === undefined && !span) return;
    this.#writes.set(version, { before, span });
    if (this.#writes.size <= MaxWrites) return;
    const [oldest = ''] = this.#writes.keys();
    this.#writes.delete(oldest);
  }

  /** Whether the change is made of writes of this process only. */
  isOwn(change: Change<CachedObject>): boolean {
    if (change.type === 'delete' || (change.type === 'add' && change.isInInitialList)) return false;
    const from = change.type === 'add' ? '' : versionOf(change.oldObject);
    let version = versionOf(change.object);
    if (from === version) return false;
    // As many steps as there are writes, should a server give out a version twice.
    for (let step = this.#writes.size; version !== undefined && version !== from; step--)
      version = step > 0 ? this.#writes.get(version)?.before : undefined;
    return version !== undefined;
  }

  /** The span in which that version was written. */
  spanOf(version: string | undefined): SpanContext | undefined {
    return version === undefined ? undefined : this.#writes.get(version)?.span;
  }
}
