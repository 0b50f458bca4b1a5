import { reasonOf } from '@client-ts/apimachinery';
import type { ObjectKey } from '@client-ts/cache';

/** Where in a controller something went wrong. */
export type ControllerStage = 'reconcile' | 'predicate' | 'map' | 'source' | 'partition' | 'rate limiter';

export interface ControllerErrorDetails {
  readonly controller: string;
  readonly stage: ControllerStage;
  readonly key?: ObjectKey | undefined;
  readonly retryInMs?: number | undefined;
}

/** A failure that a controller survived. The message names the controller, the stage and the object; `cause` is what was thrown. */
export class ControllerError extends Error {
  override readonly name = 'ControllerError';
  readonly controller: string;
  readonly stage: ControllerStage;
  /** The object that it is about, if it is about one: of the primary resource, or that whose change was to be told. */
  readonly key: ObjectKey | undefined;
  /** When the object is reconciled again for it; `undefined` when it is not. */
  readonly retryInMs: number | undefined;

  constructor(what: string, cause: unknown, { controller, stage, key, retryInMs }: ControllerErrorDetails) {
    super(`${controller}: ${what}${key === undefined ? '' : ` ${JSON.stringify(key)}`}: ${reasonOf(cause)}`, { cause });
    this.controller = controller;
    this.stage = stage;
    this.key = key;
    this.retryInMs = retryInMs;
  }
}

/** Told of every failure that was survived. Should it throw, both failures are shown on the console. */
export type ControllerErrorHandler = (error: ControllerError) => void;

/** Tells `onError` (default: the console), and never throws. */
export function newErrorReporter(
  onError: ControllerErrorHandler = (error) => console.error(error),
): ControllerErrorHandler {
  return (failure) => {
    try {
      onError(failure);
    } catch (error) {
      console.error(
        new AggregateError([error, failure], 'onError of a controller threw when it was told of a failure'),
      );
    }
  };
}
