import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Facts, FactsError, type TypeFacts } from './facts.js';
import { checkFixUps, Choices, OpenObjects } from './spec-fix-ups.js';

const file = path.resolve(import.meta.dirname, '../schema/1.37.json');
const committed = Object.entries((JSON.parse(readFileSync(file, 'utf8')) as Facts).types);

test('all fix-ups are needed', () => {
  expect(() => checkFixUps(new Map(committed))).not.toThrow();
});

test.each([...OpenObjects, ...Choices.keys()])('that of %s fails when there is nothing to fix', (name) => {
  const fields: TypeFacts = { type: 'object', fields: { a: { type: 'string' } } };
  for (const facts of [[], [[name, fields] as const], [[name, { type: 'string' } as const] as const]]) {
    const others = committed.filter(([other]) => other !== name);
    expect(() => checkFixUps(new Map<string, TypeFacts>([...others, ...facts]))).toThrow(FactsError);
  }
});
