import { expect, test } from 'vitest';
import { type Facts, FactsError, type MessageFacts } from './facts.js';
import { protobufModules } from './protobuf-modules.js';
import { Schema } from './schema.js';

const Meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const meta = { [`${Meta}.ListMeta`]: ['2 resourceVersion string'], [`${Meta}.ObjectMeta`]: ['1 name string'] };

function modules(messages?: Readonly<Record<string, MessageFacts>>): Map<string, string> {
  const kind = { group: 'apps', version: 'v1', kind: 'Thing' };
  const facts: Facts = {
    source: 'k8s.io/kubernetes v1.37.2',
    groupVersions: [{ group: 'apps', version: 'v1', resources: [] }],
    types: {
      'io.k8s.api.apps.v1.Thing': { type: 'object', groupVersionKind: kind },
      [`${Meta}.ObjectMeta`]: { type: 'object' },
    },
    ...(messages && { messages }),
  };
  return protobufModules(new Schema(facts));
}

test('a table has the messages of its version, with short names for those of others', () => {
  const generated = modules({
    ...meta,
    'io.k8s.api.apps.v1.Thing': [
      `1 metadata ${Meta}.ObjectMeta!`,
      '2 verbs io.k8s.api.apps.v1.Verbs~',
      '3 $ref string?',
    ],
    'io.k8s.api.apps.v1.ThingList': [`1 metadata ${Meta}.ListMeta!`, '2 items io.k8s.api.apps.v1.Thing*~'],
    'io.k8s.api.apps.v1.Verbs': ['=', '1 items string*~'],
  });
  expect([...generated.keys()]).toEqual(['meta/v1/protobuf', 'apps/v1/protobuf', 'protobuf']);
  expect(generated.get('apps/v1/protobuf')).toContain(`
import { metaV1Table } from '../../meta/v1/protobuf.js';
import type { ProtobufTable } from '@client-ts/apimachinery';

/** \`apps/v1\` as protobuf. */
export const appsV1Table: ProtobufTable = {
  group: 'apps',
  version: 'v1',
  kinds: ['Thing'],
  uses: { meta: metaV1Table },
  messages: {
    Thing: '1 metadata meta.ObjectMeta!,2 verbs Verbs~,3 $ref string?',
    Verbs: '=1 items string*~',
  },
};
`);
  expect(generated.get('protobuf')).toContain('[\n  appsV1Table,\n  metaV1Table,\n];\n');
});

test('without facts about messages there is nothing', () => {
  expect(modules().size).toBe(0);
});

test('a message belongs to a version that is known', () => {
  expect(() => modules({ ...meta, 'io.k8s.api.other.v1.Thing': [] })).toThrow(
    new FactsError('messages belong to other/v1, which is no group version'),
  );
});
