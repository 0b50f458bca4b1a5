/** Blocks are as large as what is there already, between these: a store of few objects takes little. */
const MinBlockBytes = 64 * 1024;
const MaxBlockBytes = 1024 * 1024;
/** What is larger than this part of a block has a block of its own, so that little is lost at the end of blocks. */
const OwnBlockFraction = 1 / 8;

/** Part of an arena. Its bytes never change once they are written, so whoever has a place can read it for ever. */
export interface ArenaBlock {
  readonly bytes: Uint8Array;
}

/** Where bytes are. The arena that they are in may move them, and then changes this. */
export interface Place {
  block: ArenaBlock;
  offset: number;
  length: number;
  /** Some arena counts it as in use. */
  kept: boolean;
}

interface Block extends ArenaBlock {
  kept: number;
  /** All that were ever put here. */
  readonly places: Place[];
}

/**
 * Many byte strings in few large blocks, outside the heap of JavaScript: the garbage collector has nothing to do with them.
 *
 * What comes in a large buffer stays there, and the buffer is one of the blocks, whatever else is in it: decoders put many
 * objects into one. What has been released, or was never put, is reclaimed by moving what is kept out of the emptiest blocks,
 * as soon as a fifth of all, and more than 64 KiB, is of no use; but not from blocks that are being filled. Nothing is written to
 * twice: a place that was released, or moved, can be read for as long as somebody holds it, and its block is freed by the garbage
 * collector after that.
 */
export class ByteArena {
  readonly #blocks = new Map<ArrayBufferLike, Block>();
  /** The block that what is copied goes to, and how much has. */
  #current: Block | undefined;
  #written = 0;
  /** The buffer that was taken over last: whoever fills it may still be at it. */
  #newest: Block | undefined;
  #keptBytes = 0;
  #allocatedBytes = 0;

  /** Bytes that are in use. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** Bytes of all blocks. */
  get allocatedBytes(): number {
    return this.#allocatedBytes;
  }

  /** Takes over `bytes`, which must not change any more, and makes `place` where they are. */
  put(place: Place, bytes: Uint8Array): void {
    place.kept = true;
    this.#keptBytes += bytes.length;
    const { buffer, byteOffset, length } = bytes;
    if (buffer.byteLength < MinBlockBytes) this.#copy(place, bytes);
    else this.#settle(place, this.#blocks.get(buffer) ?? this.#takeOver(buffer), byteOffset, length);
    this.#reclaim();
  }

  /** What is there is not needed any more. */
  release(place: Place): void {
    if (!place.kept) return;
    place.kept = false;
    this.#keptBytes -= place.length;
    const block = place.block as Block;
    block.kept -= place.length;
    if (block.kept === 0 && block !== this.#current) this.#drop(block);
    this.#reclaim();
  }

  #copy(place: Place, bytes: Uint8Array): void {
    const { length } = bytes;
    const size = Math.min(Math.max(this.#allocatedBytes, MinBlockBytes), MaxBlockBytes);
    let block = this.#current;
    if (!block || this.#written + length > block.bytes.length) {
      if (length > size * OwnBlockFraction) {
        const own = this.#add(new ArrayBuffer(length));
        own.bytes.set(bytes);
        this.#settle(place, own, 0, length);
        return;
      }
      block = this.#current = this.#add(new ArrayBuffer(size));
      this.#written = 0;
    }
    block.bytes.set(bytes, this.#written);
    this.#settle(place, block, this.#written, length);
    this.#written += length;
  }

  #takeOver(buffer: ArrayBufferLike): Block {
    const block = this.#add(buffer);
    this.#newest = buffer.byteLength <= MaxBlockBytes ? block : undefined;
    return block;
  }

  #settle(place: Place, block: Block, offset: number, length: number): void {
    place.block = block;
    place.offset = offset;
    place.length = length;
    block.kept += length;
    block.places.push(place);
  }

  #add(buffer: ArrayBufferLike): Block {
    const block: Block = { bytes: new Uint8Array(buffer), kept: 0, places: [] };
    this.#blocks.set(buffer, block);
    this.#allocatedBytes += buffer.byteLength;
    return block;
  }

  #drop(block: Block): void {
    const { buffer } = block.bytes;
    this.#blocks.delete(buffer);
    this.#allocatedBytes -= buffer.byteLength;
    if (block === this.#newest) this.#newest = undefined;
  }

  /** Of the blocks, what is of no use: neither kept nor still to be written, as far as is known. */
  get #lostBytes(): number {
    const unwritten = this.#current ? this.#current.bytes.length - this.#written : 0;
    const unknown = this.#newest ? this.#newest.bytes.length - this.#newest.kept : 0;
    return this.#allocatedBytes - unwritten - unknown - this.#keptBytes;
  }

  /** Goes on until half as much is lost as may be, so that the blocks are seldom looked through. */
  #reclaim(): void {
    const limit = Math.max(this.#keptBytes / 4, MinBlockBytes);
    if (this.#lostBytes <= limit) return;
    const full = [...this.#blocks.values()].filter((block) => block !== this.#current && block !== this.#newest);
    full.sort((one, other) => one.kept / one.bytes.length - other.kept / other.bytes.length);
    for (const block of full) {
      if (this.#lostBytes <= limit / 2) return;
      this.#drop(block);
      for (const place of block.places) if (place.kept && place.block === block) this.#copy(place, bytesAt(place));
    }
  }
}

export function bytesAt({ block, offset, length }: Place): Uint8Array {
  return block.bytes.subarray(offset, offset + length);
}
