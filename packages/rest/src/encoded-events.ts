import {
  type DecodeOptions,
  type EncodedObject,
  formatGroupVersion,
  type KubernetesObject,
  type WatchEvent,
} from '@client-ts/apimachinery';
import { EncodedItems } from './encoded-items.js';
import { JsonOutline } from './json-outline.js';
import { JsonScanner } from './json-scanner.js';
import { isChange, parseEvent, watchEvent } from './watch-event.js';

/** Reads events whose objects stay bytes, but for those of bookmarks and errors. */
export function encodedEvents<T extends KubernetesObject>({
  what,
  type: { kind, ...groupVersion },
}: DecodeOptions): (line: Uint8Array) => WatchEvent<EncodedObject<T>> {
  const parse = (text: string): unknown => parseEvent(what, text);
  const objects = new EncodedItems<T>(parse);
  const scanner = new JsonScanner();
  const typeMeta = { apiVersion: formatGroupVersion(groupVersion), kind };
  return (line) => {
    const event = new JsonOutline(line, parse);
    const type = event.member('type');
    const bytes = isChange(type) ? event.part('object') : undefined;
    if (!bytes) return watchEvent(what, type, event.member('object'));
    scanner.seekIn(bytes, 1);
    const [head, tail] = scanner.split(bytes, 0, bytes.length);
    return watchEvent(what, type, objects.fromBytes(head, tail, typeMeta));
  };
}
