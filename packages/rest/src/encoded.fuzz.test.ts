import { type EncodedObject, type KubernetesObject, stringifyJson } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, edited, edits, lists, parsedList, parsedWatch, places, streams, thing } from './bodies.test.kit.js';
import { decodeAll } from './decode-all.test.kit.js';
import { encodedJson } from './encoded-json.js';

/* Objects that stay bytes, against their definition: JSON.parse of everything, without managed fields. */

interface Read {
  readonly object: KubernetesObject;
  readonly encoded: Pick<EncodedObject, 'apiVersion' | 'kind' | 'metadata'>;
  readonly metadata: unknown;
}

/** All that can be read of an object. */
function read({ apiVersion, kind, metadata, bytes, decoder }: EncodedObject): Read {
  const kept = bytes.slice();
  return {
    object: decoder.decode(kept),
    encoded: { apiVersion, kind, metadata },
    metadata: decoder.decodeMetadata(kept),
  };
}

function expected(object: KubernetesObject): Read {
  object.apiVersion ??= 'example.com/v1';
  object.kind ??= 'Thing';
  const { apiVersion, kind, metadata } = object;
  const isObject = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata);
  const shown = isObject ? metadata : {};
  return { object, encoded: { apiVersion, kind, metadata: shown }, metadata: shown };
}

/** `undefined` when the bytes are refused, at once or when they are read. */
function readList(chunks: readonly Uint8Array[]): Read[] | undefined {
  try {
    const options = { what: 'GET things', type: thing };
    return decodeAll(encodedJson.encodedListDecoder<KubernetesObject>(options), chunks).map(read);
  } catch (error) {
    expect(error).toHaveProperty('name', 'ResponseDecodeError');
    return undefined;
  }
}

function readWatch(chunks: readonly Uint8Array[]): unknown[] | undefined {
  try {
    const options = { what: 'watch things', type: thing };
    const events = decodeAll(encodedJson.encodedWatchDecoder<KubernetesObject>(options), chunks);
    return events.map(({ type, object }) => ({ type, object: read(object as EncodedObject) }));
  } catch (error) {
    expect(error).toHaveProperty('name', 'WatchDecodeError');
    return undefined;
  }
}

const shown = (values: unknown[] | undefined): string => (values ? stringifyJson(values) : 'refused');

test('a list', () => {
  fc.assert(
    fc.property(lists, places, (body, at) => {
      const list = parsedList(body, true);
      if (list === undefined) return;
      const objects = list === 'refused' ? undefined : list.items.map(expected);
      for (const chunks of [[body], cut(body, at)]) {
        expect(shown(readList(chunks)), new TextDecoder().decode(body)).toBe(shown(objects));
      }
    }),
    { numRuns: 800 },
  );
});

test('a list that is damaged', () => {
  fc.assert(
    fc.property(lists, edits, places, (body, { place, remove, insert }, at) => {
      const damaged = edited(body, place, remove, insert);
      const list = parsedList(damaged, true);
      // The damage may be in what is left out: nobody looks there.
      if (list === undefined || (list === 'refused' && /managedFields/.test(new TextDecoder().decode(damaged)))) return;
      const objects = list === 'refused' ? undefined : list.items.map(expected);
      expect(shown(readList(cut(damaged, at))), new TextDecoder().decode(damaged)).toBe(shown(objects));
    }),
    { numRuns: 1500 },
  );
});

test('a watch', () => {
  fc.assert(
    fc.property(streams, places, (stream, at) => {
      const events = parsedWatch(stream, true);
      const objects =
        events === 'refused'
          ? undefined
          : events.map(({ type, object }) => ({ type, object: expected(object as KubernetesObject) }));
      for (const chunks of [[stream], cut(stream, at)]) {
        expect(shown(readWatch(chunks)), new TextDecoder().decode(stream)).toBe(shown(objects));
      }
    }),
    { numRuns: 800 },
  );
});
