import { reasonOf } from '@client-ts/apimachinery';
import { type FailureClass, failureClassOf } from './failure-class.js';
import type { ObjectKey } from './key.js';

/** Where in a cache something went wrong. */
export type CacheStage =
  'list' | 'watch' | 'object' | 'index' | 'handler' | 'transform' | 'store' | 'decode' | 'metrics';

/** A failure that the cache survived. The message names the stage; `cause` is what was thrown. */
export class CacheError extends Error {
  override readonly name = 'CacheError';
  readonly stage: CacheStage;
  /** Who can help, when it was a list, a watch or the store that failed. */
  readonly class: FailureClass | undefined;
  /** The object that it is about, if it is about one. */
  readonly key: ObjectKey | undefined;

  constructor(stage: CacheStage, what: string, cause: unknown, key?: ObjectKey) {
    super(`${what}${key === undefined ? '' : ` ${JSON.stringify(key)}`}: ${reasonOf(cause)}`, { cause });
    this.stage = stage;
    this.class = classOf(stage, cause);
    this.key = key;
  }
}

function classOf(stage: CacheStage, cause: unknown): FailureClass | undefined {
  if (stage === 'store') return 'store';
  return stage === 'list' || stage === 'watch' ? failureClassOf(cause) : undefined;
}

/** Told of every failure that was survived. Should it throw, both failures are shown on the console. */
export type CacheErrorHandler = (error: CacheError) => void;

const reportToConsole: CacheErrorHandler = (error) => {
  console.error(error);
};

/** Tells `onError` (default: the console), and never throws: a failure that was survived is not to become one that is not. */
export function newErrorReporter(onError: CacheErrorHandler = reportToConsole): CacheErrorHandler {
  return (failure) => {
    try {
      onError(failure);
    } catch (error) {
      console.error(new AggregateError([error, failure], 'an error handler threw when it was told of a failure'));
    }
  };
}
