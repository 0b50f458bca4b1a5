import { type KubernetesObject, NamespaceAll } from '@client-ts/apimachinery';
import { discoveryCategoryExpander, isNoMatch, type RESTMapping } from '@client-ts/restmapper';
import { noResource } from './failure.js';
import type { FlagSpecs, FlagValues } from './flags.js';
import { readManifests } from './manifests.js';
import type { Session } from './session.js';

/** One object, by its name. */
export interface Target {
  readonly mapping: RESTMapping;
  /** `undefined` for what is cluster-scoped. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** As it stands in a file. */
  readonly object?: KubernetesObject | undefined;
}

/** Objects of one type, in one place or everywhere, that have what is selected; an empty selector selects all. */
export interface Collection {
  readonly mapping: RESTMapping;
  /** `NamespaceAll` for all; `undefined` for what is cluster-scoped. */
  readonly namespace: string | undefined;
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

/** What a command is told to deal with. */
export type Targets =
  { readonly collections: readonly Collection[] } | { readonly items: readonly Target[]; readonly isSingle: boolean };

/** Flags that say what a command is about. */
export const targetFlags = {
  filename: { type: 'strings', short: 'f' },
  selector: { type: 'string', short: 'l' },
  'field-selector': { type: 'string' },
  'all-namespaces': { type: 'bool', short: 'A' },
} as const satisfies FlagSpecs;

/**
 * Understands `TYPE`, `TYPE,TYPE`, `TYPE NAME…`, `TYPE/NAME…` and files.
 *
 * Rejects with an Error that says what goes with what.
 *
 * @param all - whether a type alone means all there are.
 */
export async function findTargets(
  session: Session,
  { args, flags }: { readonly args: readonly string[]; readonly flags: FlagValues<typeof targetFlags> },
  all: boolean,
): Promise<Targets> {
  const { filename, selector: labelSelector, 'field-selector': fieldSelector, 'all-namespaces': everywhere } = flags;
  const isSelected = labelSelector !== '' || fieldSelector !== '';
  const pairs = pairsIn(args);
  const [types, ...names] = pairs ? [] : args;
  if (filename.length > 0) {
    if (args.length > 0) throw new Error('expected files or arguments, got both');
    const items = await readManifests(session, filename);
    return { items, isSingle: filename.length === 1 && filename[0] !== '-' && items.length === 1 };
  }
  if (args.length === 0) throw new Error('expected a type, such as pods, a type and names, or a file');
  const isNamed = pairs !== undefined || names.length > 0;
  if (isSelected && isNamed) throw new Error('name cannot be provided when a selector is specified');
  if (!isNamed) {
    const mappings = await mappingsOf(session, types!);
    if (!isSelected && !all) throw new Error('resource(s) were provided, but no name was specified');
    const collections = mappings.map((mapping) => {
      const namespace = session.namespaceOf(mapping, everywhere ? NamespaceAll : undefined);
      return { mapping, namespace, labelSelector, fieldSelector };
    });
    return { collections };
  }
  const items: Target[] = [];
  for (const { type, name } of pairs ?? typesIn(types!).flatMap((type) => names.map((name) => ({ type, name })))) {
    const mapping = await mappingOf(session, type);
    if (everywhere && mapping.scope === 'Namespaced') {
      throw new Error('a resource cannot be retrieved by name across all namespaces');
    }
    items.push({ mapping, namespace: session.namespaceOf(mapping), name });
  }
  return { items, isSingle: items.length === 1 };
}

function pairsIn(args: readonly string[]): { type: string; name: string }[] | undefined {
  if (!args.some((arg) => arg.includes('/'))) return undefined;
  return args.map((arg) => {
    const [type, name, ...more] = arg.split('/');
    if (!type || !name || type.includes(',') || more.length > 0) {
      throw new Error(`expected TYPE/NAME, like the other arguments, got ${JSON.stringify(arg)}`);
    }
    return { type, name };
  });
}

function typesIn(list: string): string[] {
  return [...new Set(list.split(','))];
}

/** Categories, such as `all`, stand for what is in them. */
async function mappingsOf(session: Session, list: string): Promise<RESTMapping[]> {
  const expand = discoveryCategoryExpander(session.mapper);
  const mappings = new Map<string, RESTMapping>();
  for (const type of typesIn(list)) {
    const resources = (await expand(type)) ?? [];
    const names = resources.map(({ group, resource }) => (group === '' ? resource : `${resource}.${group}`));
    for (const name of resources.length > 0 ? names : [type]) {
      const mapping = await mappingOf(session, name);
      mappings.set(`${mapping.group}/${mapping.version}/${mapping.kind}`, mapping);
    }
  }
  return [...mappings.values()];
}

/** `pods`, `deploy`, `deployments.apps`. */
async function mappingOf(session: Session, type: string): Promise<RESTMapping> {
  const [resource = '', ...rest] = type.split('.');
  const named = { resource, group: rest.join('.') };
  try {
    return await session.mapper.restMapping(await session.names.kindFor(named));
  } catch (error) {
    throw isNoMatch(error) ? new Error(noResource(named), { cause: error }) : error;
  }
}
