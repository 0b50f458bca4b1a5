import type { KubernetesObject, ObjectDecoder } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { newCompactIndexer } from './compact-indexer.js';
import { type CompactObject, compactObject } from './compact-object.js';
import { newIndexer } from './map-indexer.js';

interface Blob extends KubernetesObject {
  data: string;
}

const decoder: ObjectDecoder<Blob> = {
  decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Blob,
  decodeMetadata: (bytes) => decoder.decode(bytes).metadata!,
};

function blob(name: string, version: number, size: number): Blob {
  const metadata = { name, resourceVersion: String(version), labels: { size: String(size % 3) } };
  return { metadata, data: 'x'.repeat(size) };
}

function encoded(object: Blob): CompactObject<Blob> {
  const bytes = new TextEncoder().encode(JSON.stringify(object));
  return compactObject({ apiVersion: 'v1', kind: 'Blob', metadata: object.metadata!, bytes, decoder });
}

const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const size = fc.oneof(fc.nat(20_000), fc.constantFrom(0, 150_000));
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ what: fc.constant('set' as const), name, size }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('delete' as const), name, size }) },
  // What is there already is put there once more, as by a resync.
  { weight: 2, arbitrary: fc.record({ what: fc.constant('again' as const), name, size }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('replace' as const, 'drop' as const), name, size }) },
);

test('whatever is stored, it reads as the objects would, and what was read stays as it was', () => {
  const indexers = { bySize: ({ metadata }: KubernetesObject) => [metadata?.labels?.['size'] ?? ''] };
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
      const plain = newIndexer<Blob, 'bySize'>({ indexers });
      const compact = newCompactIndexer<Blob, 'bySize'>({ indexers });
      const read: { readonly kept: CompactObject<Blob>; readonly was: Blob }[] = [];
      const expectSame = (kept: CompactObject<Blob> | undefined, was: Blob | undefined): void => {
        expect(kept?.object()).toEqual(was);
        if (kept && was) read.push({ kept, was });
      };
      let version = 0;
      for (const { what, name: key, size: bytes } of steps) {
        const object = blob(key, ++version, bytes);
        if (what === 'set') expectSame(compact.set(key, encoded(object)), plain.set(key, object));
        else if (what === 'delete') expectSame(compact.delete(key), plain.delete(key));
        else if (what === 'again') {
          const kept = compact.getByKey(key);
          if (kept) expectSame(compact.set(key, kept), plain.getByKey(key));
        } else {
          // A list of the new object, and of all that were there but one.
          const objects = new Map(
            [...plain.listKeys().slice(1), key].map((each) => [each, plain.getByKey(each) ?? object]),
          );
          const replacement = compact.startReplacement!();
          for (const [each, listed] of objects) replacement.set(each, compact.getByKey(each) ?? encoded(listed));
          if (what === 'replace') {
            replacement.commit();
            plain.replace(objects);
          }
        }
        expectSame(compact.getByKey(key), plain.getByKey(key));
        expect(compact.listKeys()).toEqual(plain.listKeys());
        for (const value of ['0', '1', '2'])
          expect(compact.indexKeys('bySize', value)).toEqual(plain.indexKeys('bySize', value));
      }
      for (const { kept, was } of read) expect(kept.object()).toEqual(was);
      const needed = plain.list().reduce((sum, object) => sum + JSON.stringify(object).length, 0);
      expect(compact.stats!().bytes).toBeLessThanOrEqual(1.25 * needed + 64 * 1024 + 2 * 1024 * 1024);
    }),
    { numRuns: 15 },
  );
});
