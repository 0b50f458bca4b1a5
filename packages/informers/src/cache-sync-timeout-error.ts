import type { InformerHealth } from '@client-ts/cache';

/** The caches of a factory have not synced in time. The message says what holds up each that is late. */
export class CacheSyncTimeoutError extends Error {
  override readonly name = 'CacheSyncTimeoutError';
  /** The names of the informers that are late. */
  readonly late: readonly string[];

  constructor(timeoutMs: number, late: readonly LateInformer[]) {
    super(`the caches have not synced within ${timeoutMs} ms: ${late.map(describe).join(', ')}`);
    this.late = late.map(({ name }) => name);
  }
}

interface LateInformer {
  readonly name: string;
  health(): Pick<InformerHealth, 'state' | 'synced'>;
}

function describe(informer: LateInformer): string {
  const { state, synced } = informer.health();
  return `${informer.name} (${synced ? 'its handlers have not been told of all' : state})`;
}
