import { type Facts, FactsError, type MessageFacts } from './facts.js';
import { Imports } from './imports.js';
import { moduleText } from './module-text.js';
import { formatGroupVersion, groupVersionName, lowerFirstWord, typeName } from './naming.js';
import type { Schema } from './schema.js';
import { commentCode, jsonLiteral, propertyKey, stringLiteral } from './source-text.js';

const Meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
/** Bodies that no document gives to one group version alone. */
const MetaKinds = ['DeleteOptions', 'PartialObjectMetadata', 'Status'];
const MetaModule = 'meta/v1';
const MetaGroupVersion = { group: 'meta.k8s.io', version: 'v1' };

interface Message {
  readonly name: string;
  readonly fields: MessageFacts;
}

/**
 * The protobuf tables of group versions as modules of `@client-ts/api`, by path (`apps/v1/protobuf`), and one for all of them.
 * A message on each line: it is programs that read this.
 */
export function protobufModules(schema: Schema): Map<string, string> {
  const byModule = new Map<string, Message[]>();
  for (const [schemaName, fields] of Object.entries(schema.facts.messages ?? {})) {
    const { module, name } = declarationOf(schemaName);
    if (!isPlainList(schemaName, fields)) byModule.set(module, [...(byModule.get(module) ?? []), { name, fields }]);
  }
  if (byModule.size === 0) return new Map();
  const modules = new Map<string, string>();
  for (const [module, messages] of byModule) modules.set(`${module}/protobuf`, tableModule(module, messages, schema));
  return modules.set('protobuf', allModule([...byModule.keys()], schema));
}

function tableModule(module: string, messages: readonly Message[], schema: Schema): string {
  const { group, version } = groupVersionOf(module, schema);
  const imports = new Imports([tableName(module, schema)]);
  const type = imports.type('@client-ts/apimachinery', 'ProtobufTable');
  const uses = new Map<string, string>();
  const reference = (schemaName: string): string => {
    const other = declarationOf(schemaName);
    if (other.module === module) return other.name;
    const alias = other.module.slice(0, other.module.indexOf('/'));
    const table = imports.value(`../../${other.module}/protobuf.js`, tableName(other.module, schema));
    if ((uses.get(alias) ?? table) !== table) throw new FactsError(`${module} uses two modules called ${alias}`);
    uses.set(alias, table);
    return `${alias}.${other.name}`;
  };
  const lines = messages.map(({ name, fields }) => `    ${propertyKey(name)}: ${messageLiteral(fields, reference)},`);
  if (module !== MetaModule) reference(`${Meta}.ListMeta`);
  const used = [...uses]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([alias, table]) => `${propertyKey(alias)}: ${table}`);
  const kinds = messages.flatMap(({ name }) => (isKind(module, name, schema.facts) ? [name] : []));
  const declaration = [
    `/** ${commentCode(formatGroupVersion({ group, version }))} as protobuf. */`,
    `export const ${tableName(module, schema)}: ${type} = {`,
    `  group: ${stringLiteral(group)},`,
    `  version: ${stringLiteral(version)},`,
    `  kinds: ${jsonLiteral(kinds)},`,
    ...(used.length > 0 ? [`  uses: { ${used.join(', ')} },`] : []),
    '  messages: {',
    ...lines,
    '  },',
    '};',
  ];
  return moduleText(imports, [`${declaration.join('\n')}\n`]);
}

function messageLiteral(fields: MessageFacts, reference: (schemaName: string) => string): string {
  const [first, ...others] = fields.map((field) => field.replace(/\bio\.k8s\.[\w.-]+/, reference));
  // What says how a message is written in JSON is no field.
  const text = first === '=' || first === '|' ? first + others.join(',') : [first, ...others].join(',');
  return stringLiteral(text);
}

function allModule(modules: readonly string[], schema: Schema): string {
  const imports = new Imports(['builtInTables']);
  const type = imports.type('@client-ts/apimachinery', 'ProtobufTable');
  const tables = modules.map((module) => imports.value(`./${module}/protobuf.js`, tableName(module, schema)));
  const declaration = [
    '/** The tables of all group versions. */',
    `export const builtInTables: readonly ${type}[] = [`,
    ...tables.toSorted().map((table) => `  ${table},`),
    '];',
  ];
  return moduleText(imports, [`${declaration.join('\n')}\n`]);
}

function declarationOf(schemaName: string): { readonly module: string; readonly name: string } {
  const declared = typeName(schemaName);
  if (!declared) throw new FactsError(`message ${schemaName} belongs to no version`);
  return declared;
}

/** All lists are the same but for what they are of, and are therefore not in the tables. */
function isPlainList(schemaName: string, fields: MessageFacts): boolean {
  const item = /^(.+)List$/.exec(schemaName)?.[1];
  return fields.join() === `1 metadata ${Meta}.ListMeta!,2 items ${item}*~`;
}

function isKind(module: string, name: string, { types }: Facts): boolean {
  if (module === MetaModule) return MetaKinds.includes(name);
  return Object.entries(types).some(
    ([schemaName, type]) =>
      type.groupVersionKind?.kind === name &&
      schemaName.endsWith(`.${name}`) &&
      typeName(schemaName)?.module === module,
  );
}

function groupVersionOf(module: string, schema: Schema): { readonly group: string; readonly version: string } {
  const known = module === MetaModule ? MetaGroupVersion : schema.groupVersions.get(module);
  if (!known) throw new FactsError(`messages belong to ${module}, which is no group version`);
  return known;
}

/** `coreV1Table` */
function tableName(module: string, schema: Schema): string {
  const groupVersion = groupVersionOf(module, schema);
  const name = module === MetaModule ? 'metaV1' : lowerFirstWord(groupVersionName(groupVersion));
  return `${name}Table`;
}
