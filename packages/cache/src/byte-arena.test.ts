import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteArena, bytesAt, type Place } from './byte-arena.js';

const KiB = 1024;

function nowhere(): Place {
  return { block: { bytes: new Uint8Array() }, offset: 0, length: 0, kept: false };
}

/** Bytes that are unlike those of other seeds, in a buffer with room for more. */
function bytesOf(length: number, seed: number, room = 0): Uint8Array {
  const bytes = new Uint8Array(length + room).subarray(0, length).fill(seed % 251);
  bytes[0] = Math.floor(seed / 251) % 256;
  return bytes;
}

function put(arena: ByteArena, bytes: Uint8Array): Place {
  const place = nowhere();
  arena.put(place, bytes);
  return place;
}

/** What a block may have free at its end, what may be lost without being reclaimed, and blocks that are being filled. */
function boundOf({ keptBytes }: ByteArena): number {
  return keptBytes * 1.25 + 64 * KiB + 2 * 1024 * KiB;
}

describe('an arena', () => {
  test('reads what was put, whatever else is put, released and moved, and stays in proportion to it', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 4 * KiB }), fc.constantFrom(8 * KiB, 9 * KiB, 150 * KiB));
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ type: fc.constant('put' as const), size, times: fc.integer({ min: 1, max: 40 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          type: fc.constant('release' as const),
          at: fc.nat(),
          times: fc.integer({ min: 1, max: 40 }),
        }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        const arena = new ByteArena();
        const kept: { place: Place; seed: number; length: number }[] = [];
        const released: typeof kept = [];
        let seed = 0;
        const intact = ({ place, seed: of, length }: (typeof kept)[number]): boolean =>
          Buffer.compare(bytesAt(place), bytesOf(length, of)) === 0;
        for (const next of steps) {
          for (let n = 0; n < next.times; n++) {
            if (next.type === 'put') {
              const length = Math.max(1, next.size - n);
              kept.push({ place: put(arena, bytesOf(length, ++seed, seed % 3 === 0 ? 70 * KiB : 0)), seed, length });
            } else if (kept.length > 0) {
              for (const gone of kept.splice(next.at % kept.length, 1)) {
                arena.release(gone.place);
                released.push(gone);
              }
            }
          }
          expect(arena.keptBytes).toBe(kept.reduce((sum, { length }) => sum + length, 0));
          expect(arena.allocatedBytes).toBeLessThanOrEqual(boundOf(arena));
        }
        expect(kept.every(intact), 'what is kept').toBe(true);
        expect(released.every(intact), 'what was released, for whoever still has it').toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test('takes no more than a block for what fits in it, and a small one for little', () => {
    const arena = new ByteArena();
    put(arena, bytesOf(100, 1));
    expect(arena.allocatedBytes).toBe(64 * KiB);
    for (let n = 0; n < 10_000; n++) put(arena, bytesOf(1300, n));
    expect(arena.allocatedBytes).toBeLessThan(arena.keptBytes * 1.01 + 1024 * KiB);
  });

  test('does not grow with changes of what it keeps', () => {
    const arena = new ByteArena();
    const places = Array.from({ length: 2000 }, (_, n) => put(arena, bytesOf(1000, n)));
    for (let n = 0; n < 10_000; n++) {
      for (const place of places.splice((n * 7919) % places.length, 1)) arena.release(place);
      places.push(put(arena, bytesOf(1000, n)));
    }
    expect(arena.keptBytes).toBe(2_000_000);
    expect(arena.allocatedBytes).toBeLessThanOrEqual(boundOf(arena));
  });

  test('takes over a large buffer with all that is put of it, and gives it up for what little is left of that', () => {
    const buffer = new Uint8Array(256 * KiB);
    for (let n = 0; n < 256; n++) buffer.set(bytesOf(KiB, n), n * KiB);
    const part = (n: number): Uint8Array => buffer.subarray(n * KiB, (n + 1) * KiB);
    const arena = new ByteArena();
    const places = Array.from({ length: 240 }, (_, n) => put(arena, part(n)));
    expect([arena.allocatedBytes, places[239]?.block.bytes.buffer]).toEqual([256 * KiB, buffer.buffer]);
    for (const place of places.slice(10)) arena.release(place);
    expect(arena.allocatedBytes, 'while it may still be filled').toBe(256 * KiB);
    put(arena, bytesOf(KiB, 1, 69 * KiB));
    expect(arena.allocatedBytes).toBe(140 * KiB);
    expect(places.every((place, n) => Buffer.compare(bytesAt(place), part(n)) === 0)).toBe(true);
    for (const place of places) arena.release(place);
    expect(arena.keptBytes).toBe(KiB);
  });

  test('gives back what is large at once, and nearly everything in the end', () => {
    const arena = new ByteArena();
    const large = put(arena, bytesOf(2000 * KiB, 1));
    expect(arena.allocatedBytes).toBe(2000 * KiB);
    arena.release(large);
    arena.release(large);
    expect([arena.keptBytes, arena.allocatedBytes]).toEqual([0, 0]);
    const places = Array.from({ length: 5000 }, (_, n) => put(arena, bytesOf(1000, n)));
    for (const place of places) arena.release(place);
    expect(arena.keptBytes).toBe(0);
    expect(arena.allocatedBytes).toBeLessThanOrEqual(2 * 1024 * KiB);
  });
});
