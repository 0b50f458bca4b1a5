import type { DecodeOptions, KubernetesObject, WatchEvent } from '@client-ts/apimachinery';
import { Joint } from './joint.js';
import { JsonScanner } from './json-scanner.js';
import { dropManagedFields } from './managed-fields.js';
import { parseEvent, watchEvent } from './watch-event.js';

/** Reads events with objects. */
export function parsedEvents<T extends KubernetesObject>(
  options: Omit<DecodeOptions, 'type'>,
): (line: Uint8Array) => WatchEvent<T> {
  const { what, dropManagedFields: drop = false } = options;
  const joint = new Joint(what);
  return (line) => {
    const scanner = new JsonScanner();
    if (drop) scanner.seekIn(line, 2);
    const { type, object } = parseEvent(what, joint.text(scanner.split(line, 0, line.length)));
    const event = watchEvent<T>(what, type, object);
    if (drop) dropManagedFields(event.object);
    return event;
  };
}
