import { expect, it } from 'vitest';
import { duplicateFields } from './duplicate-fields.js';

it.each<[string, string[]]>([
  ['{}', []],
  ['{"a":1,"b":{"a":1}}', []],
  ['{"a":1,"a":2}', ['a']],
  ['{"a":1,"a":2,"a":3}', ['a']],
  ['{"a":{"b":1,"b":2}}', ['a.b']],
  ['{"a":[{"x":1},{"x":1,"x":2}]}', ['a[1].x']],
  ['{"a":[[{"x":1,"x":2}]]}', ['a[0][0].x']],
  ['{"a":[1,[2,3],{"x":1,"x":2}]}', ['a[2].x']],
  ['{"a":"b","b":"a"}', []],
  ['{"a":"{\\"a\\":1,\\"a\\":2}"}', []],
  [String.raw`{"a\"":1,"a\"":2}`, ['a"']],
  [String.raw`{"a":1,"\u0061":2}`, ['a']],
  [' { "a" : 1 , "a" : 2 } ', ['a']],
  ['{"__proto__":1,"__proto__":2,"constructor":1}', ['__proto__']],
  ['[{"a":1,"a":2}]', ['[0].a']],
  ['"a"', []],
])('%s', (text, found) => {
  expect(duplicateFields(text)).toEqual(found);
});
