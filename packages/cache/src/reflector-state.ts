import { classifyFailure, type FailureKind, requestedDelayMs } from './watch-failure.js';

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
  /** See {@link streamBroke}. Default: false. */
  readonly streamBroke?: boolean | undefined;
  /** A watch that failed with this error is to go on from where it was. Default: false. */
  readonly rewatch?: boolean | undefined;
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

/** Failures of a stream of initial events of which the first is enough. */
const IsListedAfter: ReadonlySet<FailureKind> = new Set(['unsupported', 'failed']);

function afterFailure(
  state: ReflectorState,
  outcome: Extract<Outcome, { type: 'failed' }>,
  memory: ReflectorMemory,
): Transition {
  const { error, healthy, synced } = outcome;
  const minDelayMs = requestedDelayMs(error);
  const watching = state.name === 'watch' || synced;
  const kind = watching && memory.rewatch ? 'disconnected' : classifyFailure(error);
  // Whatever a server, or what is in front of it, has against initial events, it may still list. One stream may break by chance.
  const listed = !watching && state.name === 'watchList' && (memory.streamBroke === true || IsListedAfter.has(kind));
  const from = listed ? { ...memory, watchList: false } : memory;
  switch (kind) {
    case 'expired': {
      // Asking for the same version again would only be refused again. After a watch there is a pause, since all who
      // watch are refused at once, and all would list.
      const refusedConsistentRead = state.resourceVersion === '';
      return at(consistentState(from), watching || refusedConsistentRead, minDelayMs);
    }
    case 'unavailable':
      return at(watching ? { name: 'watch', resourceVersion: outcome.resourceVersion } : state, true, minDelayMs);
    case 'disconnected':
    case 'silent':
      if (watching) return at({ name: 'watch', resourceVersion: outcome.resourceVersion }, !healthy, minDelayMs);
      return at(anew(state, from), true, minDelayMs);
    case 'unsupported':
    case 'failed':
      if (watching) return at(startState(memory), true, minDelayMs);
      return at(anew(state, from), !(listed && kind === 'unsupported'), minDelayMs);
  }
}

/**
 * Whether the last stream of initial events that was there broke off before their end: where one more does, the state is listed. A
 * proxy that cuts long answers off would else cut every stream off, for ever.
 */
export function streamBroke(state: ReflectorState, outcome: Outcome, before = false): boolean {
  if (state.name !== 'watchList') return before;
  if (outcome.type !== 'failed' || outcome.synced) return false;
  return before || classifyFailure(outcome.error) !== 'unavailable';
}

/** The read that failed, once more. One that had to be consistent still has to be. */
function anew(state: ReflectorState, memory: ReflectorMemory): ReflectorState {
  const consistent = state.resourceVersion === '' && (state.name === 'list' || memory.resourceVersion !== '');
  return consistent ? consistentState(memory) : startState(memory);
}

function at(next: ReflectorState, backoff = false, minDelayMs = 0): Transition {
  return { next, backoff: backoff || minDelayMs > 0, minDelayMs };
}
