import type { Facts, GroupVersionFacts } from './facts.js';
import { Imports } from './imports.js';
import { moduleText } from './module-text.js';
import { formatGroupVersion } from './naming.js';
import type { Schema } from './schema.js';
import { jsonLiteral, propertyKey, stringLiteral } from './source-text.js';

/** What `@client-ts/api/schema` holds, and so what the in-memory server serves; `schema/all` adds the rest. */
const Core: ReadonlySet<string> = new Set([
  'v1',
  'apiextensions.k8s.io/v1',
  'apps/v1',
  'batch/v1',
  'coordination.k8s.io/v1',
]);

const Meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
/** What the answers of every group version may consist of. */
const Answers = ['APIResourceList', 'Patch', 'Status', 'WatchEvent'].map((name) => `${Meta}.${name}`);

/** The facts themselves as modules of `@client-ts/api`, by path, for who needs them at run time: in two parts. */
export function schemaModules(schema: Schema): Map<string, string> {
  const { facts } = schema;
  const [core, more] = [true, false].map((isCore) =>
    facts.groupVersions.filter((groupVersion) => Core.has(formatGroupVersion(groupVersion)) === isCore),
  ) as [GroupVersionFacts[], GroupVersionFacts[]];
  const reached = schema.reachable(rootsOf(core, facts));
  const types = (wanted: boolean): Facts['types'] =>
    Object.fromEntries(Object.entries(facts.types).filter(([name]) => reached.has(name) === wanted));
  return new Map([
    ['schema', schemaModule('schema', { ...facts, groupVersions: core, types: types(true) })],
    ['more-schema', schemaModule('moreSchema', { ...facts, groupVersions: more, types: types(false) })],
  ]);
}

function rootsOf(groupVersions: readonly GroupVersionFacts[], { types }: Facts): string[] {
  const resources = groupVersions.flatMap((groupVersion) => groupVersion.resources);
  return [
    ...resources.flatMap(({ type, subresources = [] }) => [
      type,
      `${type}List`,
      ...subresources.flatMap(({ type }) => type ?? []),
    ]),
    ...Answers,
  ].filter((name) => Object.hasOwn(types, name));
}

/** A resource or a type on each line: it is programs that read this. */
function schemaModule(name: string, { source, groupVersions, types }: Facts): string {
  const imports = new Imports([name]);
  const type = imports.type('../schema-facts.js', 'ApiSchema');
  const lines = [
    `export const ${name}: ${type} = {`,
    `  source: ${stringLiteral(source)},`,
    '  groupVersions: [',
    ...groupVersions.flatMap(({ group, version, resources }) => [
      '    {',
      `      group: ${stringLiteral(group)},`,
      `      version: ${stringLiteral(version)},`,
      '      resources: [',
      ...resources.map((resource) => `        ${jsonLiteral(resource)},`),
      '      ],',
      '    },',
    ]),
    '  ],',
    '  types: {',
    ...Object.entries(types).map(([key, facts]) => `    ${propertyKey(key)}: ${jsonLiteral(facts)},`),
    '  },',
    '};',
  ];
  return moduleText(imports, [`${lines.join('\n')}\n`]);
}
