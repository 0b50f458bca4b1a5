import type { KubernetesObject } from '@client-ts/apimachinery';
import type { VersionConversion } from './version-conversion.js';

/** Fields of `events.k8s.io/v1`, and what the same is called in the core group, where events are stored. */
const CoreNames: Readonly<Record<string, string>> = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
};

const EventNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CoreNames).map(([event, core]) => [core, event]),
);

export const eventConversion: VersionConversion = {
  storage: 'v1',
  fromStorage: (stored) => renamed(stored, EventNames),
  toStorage: (object) => renamed(object, CoreNames),
};

function renamed(object: KubernetesObject, names: Readonly<Record<string, string>>): KubernetesObject {
  const entries = Object.entries(object).map(([field, value]): [string, unknown] => [
    Object.hasOwn(names, field) ? (names[field] ?? field) : field,
    value,
  ]);
  return Object.fromEntries(entries) as KubernetesObject;
}
