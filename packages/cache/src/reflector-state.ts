import { classifyFailure, requestedDelayMs } from './watch-failure.js';

/** What the Reflector does now. Each state is one request; its outcome decides on the next. */
export type ReflectorState =
  /** Lists as of a version: `"0"` any the server has cached, `""` the newest. */
  | { readonly name: 'list'; readonly resourceVersion: string }
  /** Watches with initial events instead of a list (KEP-3157), and then goes on watching. */
  | { readonly name: 'watchList'; readonly resourceVersion: string }
  | { readonly name: 'watch'; readonly resourceVersion: string };

/** How a state's request ended. */
export type Outcome =
  /** The list has been stored. */
  | { readonly type: 'listed'; readonly resourceVersion: string }
  /** The watch ended in good order, as of the last version seen. */
  | { readonly type: 'ended'; readonly resourceVersion: string; readonly healthy: boolean }
  | {
      readonly type: 'failed';
      readonly error: unknown;
      /** Newest version seen; `""` when nothing was. */
      readonly resourceVersion: string;
      /** The initial events of a `watchList` had all come. */
      readonly synced: boolean;
      /** It had worked for a while before: trying again at once is fair. */
      readonly healthy: boolean;
    };

export interface Transition {
  readonly next: ReflectorState;
  /** Wait before; the server's wish is a minimum. */
  readonly backoff: boolean;
  readonly minDelayMs: number;
}

/** What is remembered from one request to the next. */
export interface ReflectorMemory {
  /** Newest version that the store holds; `""` before the first list. */
  readonly resourceVersion: string;
  /** Whether initial events are worth asking for. */
  readonly watchList: boolean;
}

/** Where to begin, and where to begin anew: what the store has is enough to go on from, if the server has it too. */
export function startState({ resourceVersion, watchList }: ReflectorMemory): ReflectorState {
  return watchList
    ? { name: 'watchList', resourceVersion }
    : { name: 'list', resourceVersion: resourceVersion === '' ? '0' : resourceVersion };
}

/** The rules of a Reflector, without its requests. Nothing is terminal. */
export function nextState(state: ReflectorState, outcome: Outcome, memory: ReflectorMemory): Transition {
  switch (outcome.type) {
    case 'listed':
      return at({ name: 'watch', resourceVersion: outcome.resourceVersion });
    case 'ended':
      return at({ name: 'watch', resourceVersion: outcome.resourceVersion }, !outcome.healthy);
    case 'failed':
      return afterFailure(state, outcome, memory);
  }
}

function afterFailure(
  state: ReflectorState,
  outcome: Extract<Outcome, { type: 'failed' }>,
  memory: ReflectorMemory,
): Transition {
  const { error, healthy, synced } = outcome;
  const minDelayMs = requestedDelayMs(error);
  const watching = state.name === 'watch' || synced;
  switch (classifyFailure(error)) {
    case 'expired': {
      // Asking for the same version again would only be refused again: the next read is a consistent one.
      const consistent: ReflectorState = memory.watchList
        ? { name: 'watchList', resourceVersion: '' }
        : { name: 'list', resourceVersion: '' };
      const refusedConsistentRead = !watching && state.resourceVersion === '';
      return at(consistent, refusedConsistentRead || (watching && !healthy), minDelayMs);
    }
    case 'unavailable':
      return at(watching ? { name: 'watch', resourceVersion: outcome.resourceVersion } : state, true, minDelayMs);
    case 'disconnected':
    case 'silent':
      if (watching) return at({ name: 'watch', resourceVersion: outcome.resourceVersion }, !healthy, minDelayMs);
      return at(startState(memory), true, minDelayMs);
    case 'unsupported':
    case 'failed':
      // Whatever a server has against initial events, it may still list.
      if (!watching && state.name === 'watchList') {
        return at(startState({ ...memory, watchList: false }), classifyFailure(error) === 'failed', minDelayMs);
      }
      return at(startState(memory), true, minDelayMs);
  }
}

function at(next: ReflectorState, backoff = false, minDelayMs = 0): Transition {
  return { next, backoff: backoff || minDelayMs > 0, minDelayMs };
}
