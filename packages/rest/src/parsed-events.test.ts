import type { KubernetesObject } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { parsedEvents } from './parsed-events.js';

const read = parsedEvents<KubernetesObject>({ what: 'watch things', dropManagedFields: true });

// A `]` that does not end the managed fields is what the quick way to their end falls for.
test.each([
  '[]',
  '[{"manager":"kubelet","fieldsV1":{"f:status":{".":{}}}}]',
  '[{"manager":"a]"}]',
  '[{"manager":"],"},{"manager":"]}"}]',
  String.raw`[{"fieldsV1":{"v:[\"a\"]":{}}}]`,
  String.raw`[{"manager":"]\\"}]`,
  '["]"]',
  '["]:"]',
  '["],"]',
  '["]",","]',
  '["],","x","y"]',
  '[[]]',
  '[[1],"a"]',
  '[{"a":[1]},{"b":2}]',
  '[{"a":[{"b":[]}]}]',
  '{"a":[1]}',
  '"]"',
])('managed fields %s are left out, wherever they are, and nothing else is', (managedFields) => {
  const rest = { spec: { template: { metadata: { managedFields: [{ manager: 'x' }] } } }, status: { text: ']"' } };
  for (const members of [
    ['"name":"a"', `"managedFields":${managedFields}`],
    [`"managedFields":${managedFields}`, '"name":"a"'],
    [`"managedFields":${managedFields}`, '"name":"a"', `"managedFields":${managedFields}`],
    ['"name":"a"'],
  ]) {
    const line = `{"type":"ADDED","object":{"metadata":{${members.join()}},${JSON.stringify(rest).slice(1)}}`;
    const object = { metadata: { name: 'a' }, ...rest };
    expect(read(new TextEncoder().encode(line)), line).toEqual({ type: 'ADDED', object });
  }
});
