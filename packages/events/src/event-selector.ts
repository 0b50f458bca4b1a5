import type { GroupVersionResource } from '@client-ts/apimachinery';
import { newFieldSelector } from '@client-ts/apimachinery/fields';
import type { ObjectReference } from './object-reference.js';

/** How the object is called that an event is about, by API group. */
const Prefixes: ReadonlyMap<string, string> = new Map([
  ['', 'involvedObject'],
  ['events.k8s.io', 'regarding'],
]);

const Selectable = ['apiVersion', 'kind', 'name', 'uid'] as const;

/**
 * A field selector for events about an object, as far as the reference says which.
 *
 * @param events - the resource that is listed or watched: `events` of either API.
 * @throws RangeError when it is another resource.
 */
export function eventSelector(events: GroupVersionResource, about: ObjectReference): string {
  const prefix = Prefixes.get(events.group);
  if (prefix === undefined || events.resource !== 'events')
    throw new RangeError(
      `events: expected those of core/v1 or events.k8s.io/v1, got ${events.resource}.${events.group}`,
    );
  const requirements = Selectable.flatMap((field) => {
    const value = about[field];
    return value ? [{ field: `${prefix}.${field}`, operator: '=' as const, value }] : [];
  });
  return newFieldSelector(requirements).toString();
}
