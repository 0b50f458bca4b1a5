import { JsonScanner } from './json-scanner.js';

const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * An object of JSON, parsed but for the lists and objects in it. Its members are those that `JSON.parse` of the whole gives: of
 * two with the same key the last one, and a key may be written in any way.
 *
 * What is in the parts is not looked at: that they are no JSON is found out when they are parsed.
 */
export class JsonOutline {
  /** Lists and objects are here as a list of one number: which of the parts they are. */
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #parts: Uint8Array[] = [];
  readonly #parse: (text: string) => unknown;

  /** @param parse - parses JSON, and throws when it is none. */
  constructor(bytes: Uint8Array, parse: (text: string) => unknown) {
    const scanner = new JsonScanner();
    let text = '';
    let start = 0;
    scanner.advance(bytes, 1);
    while (scanner.advance(bytes) && scanner.depth === 2) {
      const from = scanner.at - 1;
      if (!scanner.advance(bytes, 1)) break;
      text += `${utf8.decode(bytes.subarray(start, from))}[${this.#parts.length}]`;
      this.#parts.push(bytes.subarray(from, scanner.at));
      start = scanner.at;
    }
    this.#members = (parse(text + utf8.decode(bytes.subarray(start))) ?? {}) as Record<string, unknown>;
    this.#parse = parse;
  }

  /** The bytes of a member that is a list or an object. */
  part(name: string): Uint8Array | undefined {
    const member = this.#members[name];
    return Array.isArray(member) ? this.#parts[member[0] as number] : undefined;
  }

  /** A member, parsed; `undefined` when there is none. */
  member(name: string): unknown {
    const part = this.part(name);
    return part ? this.#parse(utf8.decode(part)) : this.#members[name];
  }
}
