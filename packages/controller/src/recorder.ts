import type { KubernetesObject } from '@client-ts/apimachinery';

/** Tells people, in an Event, what was done about an object: the `EventRecorder` of `@client-ts/events`, or one of your own. */
export interface Recorder {
  /** @param reason - a word in CamelCase, for programs; `message` is for people. */
  event(regarding: KubernetesObject, type: 'Normal' | 'Warning', reason: string, message: string): void;
}
