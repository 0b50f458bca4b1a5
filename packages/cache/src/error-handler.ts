import type { ObjectKey } from './key.js';

/** Where in a cache something went wrong. */
export type CacheStage = 'list' | 'watch' | 'object' | 'index' | 'handler' | 'transform';

/** A failure that the cache survived. The message names the stage; `cause` is what was thrown. */
export class CacheError extends Error {
  override readonly name = 'CacheError';
  readonly stage: CacheStage;
  /** The object that it is about, if it is about one. */
  readonly key: ObjectKey | undefined;

  constructor(stage: CacheStage, what: string, cause: unknown, key?: ObjectKey) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${what}${key === undefined ? '' : ` ${JSON.stringify(key)}`}: ${reason}`, { cause });
    this.stage = stage;
    this.key = key;
  }
}

/** Told of every failure that was survived; must not throw. */
export type CacheErrorHandler = (error: CacheError) => void;

export const reportToConsole: CacheErrorHandler = (error) => {
  console.error(error);
};
