import type { GroupVersionFacts, ResourceFacts } from './facts.js';
import { Imports } from './imports.js';
import { moduleText } from './module-text.js';
import { applyName, formatGroupVersion, groupVersionName, kebabCase, lowerFirstWord, resourceName } from './naming.js';
import type { Schema } from './schema.js';
import { commentCode, stringLiteral } from './source-text.js';

const Rest = '@client-ts/rest';

/** Subresources with methods of their own, in the clientset's handwritten `src/expansions/<subresource>.ts`. */
const ExpandedSubresources = ['proxy', 'scale'];

/** Kinds with methods that no other has, in `src/expansions/<module>/<kind>.ts`. */
const ExpandedKinds: ReadonlySet<string> = new Set([
  'certificates/v1/CertificateSigningRequest',
  'core/v1/Event',
  'core/v1/Namespace',
  'core/v1/Pod',
  'core/v1/ServiceAccount',
]);

/** The modules of `@client-ts/clientset`, by path: a client for each group version, and the class that has them all. */
export function clientsetModules(schema: Schema): Map<string, string> {
  const modules = new Map<string, string>();
  for (const [path, groupVersion] of schema.groupVersions) modules.set(path, groupModule(path, groupVersion, schema));
  modules.set('clientset', clientsetModule(schema.groupVersions));
  return modules;
}

function groupModule(path: string, groupVersion: GroupVersionFacts, schema: Schema): string {
  const { resources } = groupVersion;
  const name = `${groupVersionName(groupVersion)}Client`;
  const typeName = ({ type }: ResourceFacts): string => schema.declaration(type).name;
  const imports = new Imports([name, ...resources.map((resource) => `${typeName(resource)}Interface`)]);
  const config = imports.type(Rest, 'Config');
  const restClient = imports.type(Rest, 'RestClient');
  const restClientFor = imports.value(Rest, 'restClientFor');
  const parts = resources.map((resource) => resourceParts(path, resource, typeName(resource), imports));
  return moduleText(imports, [
    ...parts.map((part) => part.declaration),
    `/** Clients of the resources of ${commentCode(formatGroupVersion(groupVersion))}. */
export class ${name} {
  readonly #client: ${restClient};

  /** Clients made from the same config share one \`RestClient\`. */
  constructor(config: ${config}) {
    this.#client = ${restClientFor}(config);
  }

${parts.map((part) => part.accessor).join('\n')}}
`,
  ]);
}

/** The interface of one resource, and the method that gives it. */
function resourceParts(
  path: string,
  resource: ResourceFacts,
  typeName: string,
  imports: Imports,
): { declaration: string; accessor: string } {
  const api = `@client-ts/api/${path}`;
  const type = imports.type(api, typeName);
  const apply = resource.verbs.includes('patch') ? imports.type(api, applyName(typeName)) : 'never';
  const name = resourceName(resource);
  const descriptor = imports.value(api, name);
  const namespace = resource.scope === 'Namespaced' ? ['namespace'] : [];
  const has = (subresource: string): boolean =>
    resource.subresources?.some(({ name }) => name === subresource) === true;

  const heritage = [
    restrictedTo(resource.verbs, `${imports.type(Rest, 'ResourceInterface')}<${type}, ${apply}, ${itself(resource)}>`),
  ];
  const layers = [`this.#client.resource(${[descriptor, ...namespace].join(', ')})`];
  if (has('status')) heritage.push(`${imports.type(Rest, 'StatusInterface')}<${type}, ${apply}>`);
  for (const subresource of ExpandedSubresources.filter(has)) {
    const from = `../../expansions/${subresource}.js`;
    const type = `${subresource.replace(/^./, (first) => first.toUpperCase())}Subresource`;
    heritage.push(imports.type(from, type));
    const methods = imports.value(from, `${subresource}Subresource`);
    layers.push(`${methods}(${['this.#client', descriptor, ...namespace].join(', ')})`);
  }
  if (ExpandedKinds.has(`${path}/${resource.kind}`)) {
    const from = `../../expansions/${path}/${kebabCase(resource.kind)}.js`;
    heritage.push(imports.type(from, `${resource.kind}Expansion`));
    const expansion = imports.value(from, `${lowerFirstWord(resource.kind)}Expansion`);
    layers.push(`${expansion}(${['this.#client', ...namespace].join(', ')})`);
  }
  const client = layers.length === 1 ? layers[0] : `Object.assign(${layers.join(', ')})`;
  return {
    declaration: `/** What can be done with ${commentCode(resource.name)}. */\nexport interface ${typeName}Interface extends ${heritage.join(', ')} {}\n`,
    accessor: `  ${name}(${namespace.map((parameter) => `${parameter}: string`).join('')}): ${typeName}Interface {\n    return ${client};\n  }\n`,
  };
}

/** Methods of `ResourceInterface`, by the verb that the API must have. */
const Methods: Readonly<Record<string, readonly string[]>> = {
  get: ['get'],
  list: ['list', 'listItems'],
  watch: ['watch'],
  create: ['create'],
  update: ['update'],
  patch: ['patch', 'apply'],
  delete: ['delete'],
  deletecollection: ['deleteCollection'],
};

/** The subresources that hold the object itself, as the verbs may name them. */
function itself({ type, subresources = [] }: ResourceFacts): string {
  const names = subresources.filter((subresource) => subresource.type === type && subresource.verbs.includes('update'));
  return names.length === 0 ? 'never' : names.map(({ name }) => stringLiteral(name)).join(' | ');
}

/** The interface without the methods that the API lacks. */
function restrictedTo(verbs: readonly string[], resourceInterface: string): string {
  const present = Object.keys(Methods).filter((verb) => verbs.includes(verb));
  const missing = Object.keys(Methods).filter((verb) => !verbs.includes(verb));
  if (missing.length === 0) return resourceInterface;
  return missing.length < present.length
    ? `Omit<${resourceInterface}, ${methodNames(missing)}>`
    : `Pick<${resourceInterface}, ${methodNames(present)}>`;
}

function methodNames(verbs: readonly string[]): string {
  const names = verbs.flatMap((verb) => Methods[verb] ?? []);
  return names.length === 0 ? 'never' : names.map(stringLiteral).join(' | ');
}

function clientsetModule(groupVersions: Schema['groupVersions']): string {
  const imports = new Imports(['Clientset']);
  const apimachinery = (name: string): string => imports.type('@client-ts/apimachinery', name);
  const config = imports.type(Rest, 'Config');
  const restClient = imports.type(Rest, 'RestClient');
  const restClientFor = imports.value(Rest, 'restClientFor');
  const object = `T extends ${apimachinery('KubernetesObject')}, A`;
  const descriptor = apimachinery('ResourceDescriptor');
  const result = `${imports.type(Rest, 'ResourceInterface')}<T, A> & ${imports.type(Rest, 'StatusInterface')}<T, A>`;
  const accessors = [...groupVersions].toSorted(byName).map(([path, groupVersion]) => {
    const name = groupVersionName(groupVersion);
    const client = imports.value(`./${path}.js`, `${name}Client`);
    const accessor = name.replace(/^./, (first) => first.toLowerCase());
    return `  ${accessor}(): ${client} {\n    return new ${client}(this.#config);\n  }\n`;
  });
  const declaration = `/** Typed clients of the built-in API groups, made from one config; they share one \`RestClient\`. */
export class Clientset {
  readonly #config: ${config};
  readonly #client: ${restClient};

  /** @throws TypeError when the config contradicts itself; the message names the field. */
  constructor(config: ${config}) {
    this.#config = config;
    this.#client = ${restClientFor}(config);
  }

${accessors.join('\n')}
  /**
   * The client of any resource, generated or described by \`defineResource\`: what the accessors above are made of. The
   * namespace is needed where the resource has one; \`NamespaceAll\` stands for all.
   */
  resource<${object}>(descriptor: ${descriptor}<T, A, 'Cluster'>): ${result};
  resource<${object}>(descriptor: ${descriptor}<T, A, 'Namespaced'>, namespace: string): ${result};
  resource<${object}>(descriptor: ${descriptor}<T, A>, namespace?: string): ${result} {
    return this.#client.resource(descriptor, namespace);
  }
}
`;
  return moduleText(imports, [declaration]);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
