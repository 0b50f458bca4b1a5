import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Line } from './line.js';

test('it is a list from which anybody may be taken', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant('join'), fc.constant('next'), fc.nat(20))), (actions) => {
      const line = new Line<number>();
      const leave: (() => void)[] = [];
      let model: number[] = [];
      for (const action of actions) {
        if (action === 'join') {
          model.push(leave.length);
          leave.push(line.join(leave.length));
        } else if (action === 'next') {
          expect(line.next()).toBe(model.shift());
        } else {
          // Also those who left, or were served, long ago.
          leave[action]?.();
          model = model.filter((item) => item !== action);
        }
        expect(line.items()).toEqual(model);
        expect(line.isEmpty).toBe(model.length === 0);
      }
      while (model.length > 0) expect(line.next()).toBe(model.shift());
      expect(line.next()).toBeUndefined();
    }),
  );
});
