import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePort, reserve } from './free-port.js';

let reservations: string;
beforeEach(() => {
  reservations = mkdtempSync(path.join(tmpdir(), 'free-port-'));
});
afterEach(() => rmSync(reservations, { recursive: true }));

describe('a port', () => {
  test('is given once', () => {
    expect([reserve(1234, reservations), reserve(1234, reservations)]).toEqual([true, false]);
    expect(reserve(1235, reservations)).toBe(true);
  });

  test('may be given again after two minutes, and leaves nothing behind', () => {
    reserve(1234, reservations);
    reserve(1235, reservations);
    const longAgo = new Date(Date.now() - 121_000);
    for (const port of ['1234', '1235']) utimesSync(path.join(reservations, port), longAgo, longAgo);
    expect(reserve(1234, reservations)).toBe(true);
    expect(readdirSync(reservations)).toEqual(['1234']);
  });

  test('is another one for each who asks at once', async () => {
    const ports = await Promise.all(Array.from({ length: 20 }, freePort));
    expect(new Set(ports).size).toBe(20);
  });
});
