import type { EventObject } from './object-reference.js';
import type { EventOptions, EventType } from './said-event.js';

/** Records events of one source. */
export interface EventRecorder {
  /**
   * Records what happened to an object: an event in the namespace of that object. Returns at once, and never throws; what is wrong
   * is told to `onError`.
   *
   * @param object - as it came from a server, with its kind, or a reference to it.
   * @param reason - short, in UpperCamelCase: programs may tell events apart by it. At most 128 bytes; the rest is cut.
   * @param message - for people: not to be told apart by. At most 1024 bytes; the rest is cut. Everybody who may see events of the
   *   namespace can read it, so it should have no secrets in it.
   */
  event(object: EventObject, type: EventType, reason: string, message: string, options?: EventOptions): void;
  /** Records events of one object. */
  for(object: EventObject): ObjectEventRecorder;
}

/** Records events of one source about one object. */
export interface ObjectEventRecorder {
  /** {@inheritDoc EventRecorder.event} */
  event(type: EventType, reason: string, message: string, options?: EventOptions): void;
}
