import type { DecodeOptions, KubernetesObject, WatchEvent } from '@client-ts/apimachinery';
import { Carry } from './carry.js';
import { jointText } from './joint-text.js';
import { JsonScanner } from './json-scanner.js';
import { dropManagedFields } from './managed-fields.js';
import { parseEvent, watchEvent } from './watch-event.js';

const utf8 = /* @__PURE__ */ new TextDecoder();

/** Reads events with objects. */
export function parsedEvents<T extends KubernetesObject>(
  options: Omit<DecodeOptions, 'type'>,
): (line: Uint8Array) => WatchEvent<T> {
  const { what, dropManagedFields: drop = false } = options;
  const carry = new Carry(what);
  const eventOf = (text: string): WatchEvent<T> => {
    const { type, object } = parseEvent(what, text);
    return watchEvent(what, type, object);
  };
  if (!drop) return (line) => eventOf(utf8.decode(line));
  const scanner = new JsonScanner();
  return (line) => {
    scanner.seekIn(line, 2);
    const event = eventOf(jointText(carry, scanner.split(line, 0, line.length)));
    dropManagedFields(event.object);
    return event;
  };
}
