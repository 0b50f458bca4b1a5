import type { EventNames } from './event-names.js';
import { fitText } from './fit-text.js';
import { type EventObject, referenceTo, type WrittenReference } from './object-reference.js';

/** `Warning` when somebody should look at it. */
export type EventType = 'Normal' | 'Warning';

/** What only some events have. */
export interface EventOptions {
  /** For what an event is to be found by; not for what programs tell each other, since events may be dropped and combined. */
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** A second object that the event is about, such as what was made of the first. Events of core/v1 have none. */
  readonly related?: EventObject | undefined;
  /** What was done, in UpperCamelCase. Events of core/v1 have none. Default: the reason, since servers want one. */
  readonly action?: string | undefined;
}

/** What a recorder was told, ready to be made an event of either API. */
export interface SaidEvent {
  readonly name: string;
  readonly namespace: string;
  readonly about: WrittenReference;
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
  readonly annotations?: Record<string, string>;
  readonly related?: WrittenReference;
  readonly action?: string;
  /** When it was said, in milliseconds since the Unix epoch. */
  readonly at: number;
}

/** The limit of servers for events of events.k8s.io/v1. Those of core/v1 keep it here, so that what is remembered has a bound. */
export const MaxMessageBytes = 1024;
/** The limit of servers for reasons, actions, and instances of controllers. */
export const MaxWordBytes = 128;

const Types: ReadonlySet<string> = new Set<EventType>(['Normal', 'Warning']);

/**
 * Makes texts fit, and sees that there is what has to be. A cluster-scoped object has its events in the namespace `default`.
 *
 * @throws TypeError that names what is missing or wrong.
 */
export function sayEvent(
  { names, at }: { readonly names: EventNames; readonly at: number },
  object: EventObject,
  type: EventType,
  reason: string,
  message: string,
  { annotations, related, action }: EventOptions,
): SaidEvent {
  const about = referenceTo(object);
  if (!Types.has(type)) throw new TypeError(`type: expected 'Normal' or 'Warning', got ${JSON.stringify(type)}`);
  if (!reason) throw new TypeError('reason: expected a word in UpperCamelCase');
  return {
    name: names.next(about.name ?? ''),
    namespace: about.namespace ?? 'default',
    about,
    type,
    reason: fitText(reason, MaxWordBytes),
    message: fitText(message, MaxMessageBytes),
    ...(annotations ? { annotations: { ...annotations } } : {}),
    ...(related ? { related: referenceTo(related) } : {}),
    ...(action ? { action: fitText(action, MaxWordBytes) } : {}),
    at,
  };
}
