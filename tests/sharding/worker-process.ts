import path from 'node:path';
import { EventProcess } from '../processes/event-process.js';
import type { Usage, WorkerEvent } from './worker-event.js';

const Program = path.join(import.meta.dirname, 'worker.ts');

/** When somebody worked on an object, and in whose name. */
export interface Span {
  readonly uid: string;
  readonly lock: string;
  readonly transitions: number;
  readonly holder: string;
  readonly from: number;
  /**
   * When it ended, or its process was stopped or killed. What one that was stopped still sends when it goes on is to be refused:
   * see `Scene.lateWrites`.
   */
  readonly to: number;
}

export interface WorkerOptions {
  readonly kubeconfig: string;
  /** `alone`: it has all objects. */
  readonly mode: 'sharded' | 'alone';
  readonly leaseDurationMs: number;
}

/** A worker that runs as a process of its own. */
export class WorkerProcess extends EventProcess<WorkerEvent> {
  constructor(identity: string, { kubeconfig, mode, leaseDurationMs }: WorkerOptions, changed: () => void) {
    super(Program, identity, [kubeconfig, mode, String(leaseDurationMs)], changed);
  }

  /** As it said last. */
  get shards(): number {
    const last = this.events.findLast((each) => each.event === 'shards');
    return last?.event === 'shards' ? last.shards : 0;
  }

  get filteredBy(): string[] {
    return this.events.flatMap((each) => (each.event === 'filtered by' ? [each.by] : []));
  }

  /** Failures that it survived. */
  get failures(): { readonly at: number; readonly message: string }[] {
    return this.events.flatMap((each) => (each.event === 'failure' ? [each] : []));
  }

  usages(): Usage[] {
    return this.events.flatMap((each) => (each.event === 'usage' ? [each] : []));
  }

  spans(): Span[] {
    const open = new Map<string, Extract<WorkerEvent, { uid: string }>>();
    const spans: Span[] = [];
    const close = (begin: Extract<WorkerEvent, { uid: string }>, end: number): void => {
      const { uid, lock, transitions, holder, at: from } = begin;
      spans.push({ uid, lock, transitions, holder, from, to: Math.min(end, this.haltAfter(from)) });
    };
    for (const each of this.events) {
      if (each.event === 'begin') open.set(each.uid, each);
      if (each.event !== 'end') continue;
      close(open.get(each.uid)!, each.at);
      open.delete(each.uid);
    }
    for (const each of open.values()) close(each, Infinity);
    return spans;
  }
}
