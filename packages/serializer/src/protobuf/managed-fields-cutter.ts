import { FieldScanner } from './field-scanner.js';

/** The tag of `metadata` in every object, and that of `managedFields` in metadata. */
const MetadataTag = 10;
const ManagedFieldsTag = 17 * 8 + 2;

/** So many bytes are set aside at once for objects without their managed fields. */
const BlockBytes = 256 * 1024;

/**
 * Copies objects without their managed fields, which are a third of the bytes, to where they can stay. What was cut last is in its
 * properties.
 */
export class ManagedFieldsCutter {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the metadata is in `bytes`. */
  metadataStart = 0;
  metadataEnd = 0;
  readonly #object: FieldScanner;
  readonly #metadata: FieldScanner;
  #block: Uint8Array = new Uint8Array(0);
  #used = 0;
  /** Beginnings and ends of what is kept of the metadata. */
  readonly #kept: number[] = [];

  constructor(what: string) {
    this.#object = new FieldScanner(what);
    this.#metadata = new FieldScanner(what);
  }

  /** @throws ProtobufError for what is no message. */
  cut(bytes: Uint8Array, start: number, end: number): void {
    const field = this.#findMetadata(bytes, start, end);
    const kept = field ? this.#scan(bytes, field.start, field.end) : 0;
    const removed = field ? field.end - field.start - kept : 0;
    // The length of what is left may take fewer bytes.
    this.#reserve(end - start - removed);
    const from = this.#used;
    this.metadataStart = this.metadataEnd = 0;
    if (field) {
      this.#copy(bytes, start, field.at + 1);
      this.#writeLength(kept);
      this.metadataStart = this.#used - from;
      for (let at = 0; at < this.#kept.length; at += 2) this.#copy(bytes, this.#kept[at]!, this.#kept[at + 1]!);
      this.metadataEnd = this.#used - from;
    }
    this.#copy(bytes, field?.end ?? start, end);
    this.bytes = this.#block.subarray(from, this.#used);
  }

  #findMetadata(bytes: Uint8Array, start: number, end: number): FieldScanner | undefined {
    const fields = this.#object;
    fields.open(bytes, start, end);
    while (fields.next()) if (fields.tag === MetadataTag) return fields;
    return undefined;
  }

  /** The length of what is kept. */
  #scan(bytes: Uint8Array, start: number, end: number): number {
    const fields = this.#metadata;
    fields.open(bytes, start, end);
    this.#kept.length = 0;
    let keptFrom = start;
    let length = 0;
    while (fields.next()) {
      if (fields.tag !== ManagedFieldsTag) continue;
      if (fields.at > keptFrom) {
        this.#kept.push(keptFrom, fields.at);
        length += fields.at - keptFrom;
      }
      keptFrom = fields.end;
    }
    if (keptFrom < end) this.#kept.push(keptFrom, end);
    return length + end - keptFrom;
  }

  #reserve(count: number): void {
    if (this.#block.length - this.#used >= count) return;
    this.#block = new Uint8Array(Math.max(BlockBytes, count));
    this.#used = 0;
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    if (start === end) return;
    this.#block.set(bytes.subarray(start, end), this.#used);
    this.#used += end - start;
  }

  #writeLength(length: number): void {
    let rest = length;
    while (rest >= 128) {
      this.#block[this.#used++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#block[this.#used++] = rest;
  }
}
