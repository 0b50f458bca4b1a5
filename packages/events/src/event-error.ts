import { reasonOf } from '@client-ts/apimachinery';

/** Why something of an event was lost. */
export type EventFailure =
  /** Something that an event has to have was missing or wrong: the error's cause says what. Nothing was recorded. */
  | 'invalid'
  /** More events waited than there is place for. Told once, until all of them have been dealt with. */
  | 'overflow'
  /** The server refused to write it, or no server could understand the request. */
  | 'rejected'
  /** It could not be brought to the server, however often it was tried. */
  | 'unreachable'
  /** The end came before it could be written. Told once for each sink and watcher, and once for all that came after the end. */
  | 'closed'
  /** A function that was handed in threw: a watcher's handler, or an option of the correlator. */
  | 'callback';

/** A failure that recording survived. The message has nothing of the event's own message; `cause` is what was thrown. */
export class EventError extends Error {
  override readonly name = 'EventError';
  readonly failure: EventFailure;

  constructor(failure: EventFailure, what: string, cause?: unknown) {
    super(cause === undefined ? what : `${what}: ${reasonOf(cause)}`, cause === undefined ? undefined : { cause });
    this.failure = failure;
  }
}

/** Told of every failure that was survived. Should it throw, both failures are shown on the console. */
export type EventErrorHandler = (error: EventError) => void;

const warn: EventErrorHandler = (error) => {
  console.warn(error.message);
};

/** Tells `onError` (default: the console), and never throws: recording an event must not end what it is about. */
export function newEventErrorReporter(onError: EventErrorHandler = warn): EventErrorHandler {
  return (failure) => {
    try {
      onError(failure);
    } catch (error) {
      console.error(new AggregateError([error, failure], 'an error handler threw when it was told of a failure'));
    }
  };
}
