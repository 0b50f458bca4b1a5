import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { InProcess } from './in-process.js';

test('holds what a Map would', () => {
  const keys = fc.constantFrom<unknown>('', 'a', 'b', 'c', undefined, null, NaN, 0, -0, 1);
  const steps = fc.array(fc.record({ verb: fc.constantFrom('add', 'delete'), key: keys, value: fc.option(fc.nat()) }));
  fc.assert(
    fc.property(steps, keys, (all, other) => {
      const some = new InProcess<unknown, number | null>();
      const map = new Map<unknown, number | null>();
      for (const { verb, key, value } of all) {
        if (verb === 'delete') expect(some.delete(key)).toBe(map.delete(key));
        else if (!map.has(key)) {
          some.add(key, value);
          map.set(key, value);
        }
        expect(some.size).toBe(map.size);
        for (const each of [key, other])
          expect([some.has(each), some.get(each)]).toEqual([map.has(each), map.get(each)]);
      }
      expect([...some]).toEqual([...map]);
    }),
  );
});
