import { isDeepStrictEqual } from 'node:util';
import { type KubernetesObject, stringifyJson } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  around,
  asBytes,
  cut,
  edited,
  edits,
  items,
  type ListOutcome,
  lists,
  objectOf,
  parsedList,
  parsedWatch,
  places,
  streams,
  thing,
  type WatchOutcome,
  withBytes,
} from './bodies.test.kit.js';
import { decodeAll } from './decode-all.test.kit.js';
import { jsonCodec } from './json-codec.js';

/* What reads bytes, against its definition: JSON.parse of the whole list, and of each line of a watch. */

const shown = (outcome: object | string): string => stringifyJson([outcome]);

/** What the decoder makes of it. */
function decodedList(chunks: readonly Uint8Array[], dropManagedFields: boolean): ListOutcome {
  const decoder = jsonCodec.listDecoder<KubernetesObject>({ what: 'GET things', type: thing, dropManagedFields });
  try {
    const items = decodeAll(decoder, chunks);
    return Object.assign(decoder.list!, { items });
  } catch (error) {
    expect(error).toHaveProperty('name', 'ResponseDecodeError');
    return 'refused';
  }
}

function expectSame(
  body: Uint8Array,
  chunks: readonly Uint8Array[],
  drop: boolean,
  expected: ListOutcome | undefined,
): void {
  if (expected === undefined) return;
  const outcome = decodedList(chunks, drop);
  if (isDeepStrictEqual(outcome, expected) && shown(outcome) === shown(expected)) return;
  expect.fail(
    `${new TextDecoder().decode(body)}\nin chunks of ${chunks.map((chunk) => chunk.length).join()} gives ${shown(outcome)}`,
  );
}

test('cut in two anywhere, a list is what JSON.parse makes of the whole', () => {
  fc.assert(
    fc.property(lists, fc.boolean(), (body, drop) => {
      const expected = parsedList(body, drop);
      expectSame(body, [body], drop, expected);
      expectSame(body, asBytes(body), drop, expected);
      for (let at = 1; at < body.length; at++) {
        expectSame(body, [body.subarray(0, at), body.subarray(at)], drop, expected);
      }
    }),
    { numRuns: 40 },
  );
});

test('cut into many, a list is what JSON.parse makes of the whole', () => {
  fc.assert(
    fc.property(lists, places, fc.boolean(), (body, at, drop) => {
      expectSame(body, cut(body, at), drop, parsedList(body, drop));
    }),
    { numRuns: 1200 },
  );
});

test('what ends too early is refused, wherever it ends', () => {
  fc.assert(
    fc.property(lists, fc.boolean(), (body, drop) => {
      for (let end = 0; end < body.length; end++) {
        const begin = body.subarray(0, end);
        expectSame(begin, [begin], drop, parsedList(begin, drop));
      }
    }),
    { numRuns: 30 },
  );
});

test('damaged bytes are judged as JSON.parse judges the whole', () => {
  fc.assert(
    fc.property(lists, edits, places, (body, { place, remove, insert }, at) => {
      const damaged = edited(body, place, remove, insert);
      expectSame(damaged, cut(damaged, at), false, parsedList(damaged, false));
    }),
    { numRuns: 2000 },
  );
});

test('with managed fields left out, what is left is judged as JSON.parse judges it', () => {
  fc.assert(
    fc.property(lists, edits, places, (body, { place, remove, insert }, at) => {
      const damaged = edited(body, place, remove, insert);
      const expected = parsedList(damaged, true);
      // The damage may be in what is left out: nobody looks there.
      if (expected !== 'refused' || !/managedFields/.test(new TextDecoder().decode(damaged))) {
        expectSame(damaged, cut(damaged, at), true, expected);
      }
    }),
    { numRuns: 2000 },
  );
});

test('items that are given twice are those of JSON.parse, or refused', () => {
  const twice = withBytes(fc.shuffledSubarray([...around, items, items], { minLength: 2 }).chain(objectOf));
  fc.assert(
    fc.property(twice, places, (body, at) => {
      const expected = parsedList(body, false);
      if (decodedList(cut(body, at), false) !== 'refused') expectSame(body, cut(body, at), false, expected);
    }),
    { numRuns: 1200 },
  );
});

function decodedWatch(chunks: readonly Uint8Array[], dropManagedFields: boolean): WatchOutcome {
  try {
    return decodeAll(
      jsonCodec.watchDecoder<KubernetesObject>({ what: 'watch things', type: thing, dropManagedFields }),
      chunks,
    );
  } catch (error) {
    expect(error).toHaveProperty('name', 'WatchDecodeError');
    return 'refused';
  }
}

test('however it is cut, a watch is what JSON.parse makes of its lines', () => {
  fc.assert(
    fc.property(streams, places, fc.boolean(), (stream, at, drop) => {
      const expected = parsedWatch(stream, drop);
      for (const chunks of [[stream], asBytes(stream), cut(stream, at)]) {
        const outcome = decodedWatch(chunks, drop);
        if (isDeepStrictEqual(outcome, expected) && shown(outcome) === shown(expected)) continue;
        expect.fail(`${new TextDecoder().decode(stream)}\ngives ${shown(outcome)}`);
      }
    }),
    { numRuns: 800 },
  );
});
