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
  used: number;
  kept: number;
  /** All that were ever put here. */
  readonly places: Place[];
}

/**
 * Many byte strings in few large blocks, outside the heap of JavaScript: the garbage collector has nothing to do with them.
 *
 * What has been released is reclaimed by moving what is still kept out of the emptiest block, as soon as a fifth of all, and
 * more than 64 KiB, is of no use. A block is never written to twice: a place that was released, or moved, can be read for as
 * long as somebody holds it, and its block is freed by the garbage collector after that.
 */
export class ByteArena {
  readonly #blocks = new Set<Block>();
  #current: Block | undefined;
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

  /** Copies `bytes` in, and makes `place` the place of the copy. */
  put(place: Place, bytes: Uint8Array): void {
    place.kept = true;
    this.#keptBytes += bytes.length;
    this.#write(place, bytes);
  }

  /** What is there is not needed any more. */
  release(place: Place): void {
    if (!place.kept) return;
    place.kept = false;
    this.#keptBytes -= place.length;
    const block = place.block as Block;
    block.kept -= place.length;
    if (!this.#blocks.has(block)) this.#allocatedBytes -= place.length;
    else this.#reclaim();
  }

  #write(place: Place, bytes: Uint8Array): void {
    const { length } = bytes;
    const block = this.#blockFor(length);
    block.bytes.set(bytes, block.used);
    place.block = block;
    place.offset = block.used;
    place.length = length;
    block.used += length;
    block.kept += length;
    block.places.push(place);
  }

  #blockFor(length: number): Block {
    const current = this.#current;
    if (current && current.used + length <= current.bytes.length) return current;
    const size = Math.min(Math.max(this.#allocatedBytes, MinBlockBytes), MaxBlockBytes);
    const own = length > size * OwnBlockFraction;
    const block: Block = { bytes: new Uint8Array(own ? length : size), used: 0, kept: 0, places: [] };
    this.#allocatedBytes += block.bytes.length;
    if (own) return block;
    this.#blocks.add(block);
    this.#current = block;
    return block;
  }

  #reclaim(): void {
    for (;;) {
      const current = this.#current;
      const unwritten = current ? current.bytes.length - current.used : 0;
      const lost = this.#allocatedBytes - unwritten - this.#keptBytes;
      if (lost <= Math.max(this.#keptBytes / 4, MinBlockBytes)) return;
      const emptiest = this.#emptiestBlock();
      if (!emptiest) return;
      this.#blocks.delete(emptiest);
      this.#allocatedBytes -= emptiest.bytes.length;
      for (const place of emptiest.places)
        if (place.kept && place.block === emptiest) this.#write(place, bytesAt(place));
    }
  }

  /** Of those that are full. */
  #emptiestBlock(): Block | undefined {
    let emptiest: Block | undefined;
    let most = 0;
    for (const block of this.#blocks) {
      const lost = block.bytes.length - block.kept;
      if (block === this.#current || lost <= most) continue;
      emptiest = block;
      most = lost;
    }
    return emptiest;
  }
}

export function bytesAt({ block, offset, length }: Place): Uint8Array {
  return block.bytes.subarray(offset, offset + length);
}
