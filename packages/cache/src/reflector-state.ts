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
  | { readonly type: 'ended'; readonly resourceVersion: string }
  | {
      readonly type: 'failed';
      readonly error: unknown;
      /** Newest version seen; `""` when nothing was. */
      readonly resourceVersion: string;
      /** The initial events of a `watchList` had all come. */
      readonly synced: boolean;
      /** It had lasted for a while, or brought something new: trying again at once is fair. */
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
  /** The store may hold what is gone, and that has been so for long enough. Default: false. */
  readonly incomplete?: boolean | undefined;
}

/** Where to begin, and where to begin anew: what the store has is enough to go on from, if the server has it too. */
export function startState({ resourceVersion, watchList }: ReflectorMemory): ReflectorState {
  return watchList
    ? { name: 'watchList', resourceVersion }
    : { name: 'list', resourceVersion: resourceVersion === '' ? '0' : resourceVersion };
}

/** Reads what is newest, as nothing older will do. */
function consistentState({ watchList }: ReflectorMemory): ReflectorState {
  return { name: watchList ? 'watchList' : 'list', resourceVersion: '' };
}

/** The rules of a Reflector, without its requests. Nothing is terminal. */
export function nextState(state: ReflectorState, outcome: Outcome, memory: ReflectorMemory): Transition {
  switch (outcome.type) {
    case 'listed':
      return at({ name: 'watch', resourceVersion: outcome.resourceVersion });
    case 'ended':
      return at(memory.incomplete ? startState(memory) : { name: 'watch', resourceVersion: outcome.resourceVersion });
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
  const kind = classifyFailure(error);
  switch (kind) {
    case 'expired': {
      // Asking for the same version again would only be refused again. After a watch there is a pause, since all who
      // watch are refused at once, and all would list.
      const refusedConsistentRead = state.resourceVersion === '';
      return at(consistentState(memory), watching || refusedConsistentRead, minDelayMs);
    }
    case 'unavailable':
      return at(watching ? { name: 'watch', resourceVersion: outcome.resourceVersion } : state, true, minDelayMs);
    case 'disconnected':
    case 'silent':
      if (watching) return at({ name: 'watch', resourceVersion: outcome.resourceVersion }, !healthy, minDelayMs);
      return at(anew(state, memory), true, minDelayMs);
    case 'unsupported':
    case 'failed':
      if (watching) return at(startState(memory), true, minDelayMs);
      // Whatever a server has against initial events, it may still list.
      if (state.name === 'watchList')
        return at(anew(state, { ...memory, watchList: false }), kind === 'failed', minDelayMs);
      return at(anew(state, memory), true, minDelayMs);
  }
}

/** The read that failed, once more. One that had to be consistent still has to be. */
function anew(state: ReflectorState, memory: ReflectorMemory): ReflectorState {
  const consistent = state.resourceVersion === '' && (state.name === 'list' || memory.resourceVersion !== '');
  return consistent ? consistentState(memory) : startState(memory);
}

function at(next: ReflectorState, backoff = false, minDelayMs = 0): Transition {
  return { next, backoff: backoff || minDelayMs > 0, minDelayMs };
}
