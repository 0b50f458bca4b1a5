import { describe, expect, test } from 'vitest';
import { FieldSet } from './field-set.js';
import { readFields, writeFields } from './known-fields.js';

const fieldsOf = (name: string): Record<string, unknown> => ({ 'f:data': { [`f:${name}`]: {} } });

describe('known fields', () => {
  test('equal sets share one fieldsV1', () => {
    const fields = writeFields(FieldSet.parse(fieldsOf('a')));
    expect(fields).toEqual(fieldsOf('a'));
    expect(writeFields(FieldSet.parse(fieldsOf('a')))).toBe(fields);
    expect(writeFields(FieldSet.parse(fieldsOf('b')))).toEqual(fieldsOf('b'));
  });

  test('what was written is read as the set that it was', () => {
    const set = FieldSet.parse(fieldsOf('known'));
    expect(readFields(writeFields(set))).toBe(set);
    expect(readFields(fieldsOf('known')).toJSON()).toEqual(fieldsOf('known'));
  });

  test('others are written right after many', () => {
    for (let n = 0; n < 2500; n++) {
      expect(writeFields(FieldSet.parse(fieldsOf(`many-${n}`)))).toEqual(fieldsOf(`many-${n}`));
    }
    expect(writeFields(FieldSet.parse(fieldsOf('a')))).toEqual(fieldsOf('a'));
  });

  test.each([null, 'text', { 'f:a': 1 }])('%j is not well formed', (fields) => {
    expect(() => readFields(fields)).toThrow(SyntaxError);
  });
});
