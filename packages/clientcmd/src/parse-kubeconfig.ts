import { parseYaml } from '@client-ts/serializer/yaml';
import { type Entry, type Kubeconfig, KubeconfigError } from './kubeconfig.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a field may have to be: how that is called in messages, and whether a value is one. */
const Types = {
  string: ['a string', (value: unknown) => typeof value === 'string'],
  boolean: ['true or false', (value: unknown) => typeof value === 'boolean'],
  strings: ['a list of strings', isStrings],
  stringLists: [
    'lists of strings by key',
    (value: unknown) => isFields(value) && Object.values(value).every(isStrings),
  ],
  object: ['an object', isFields],
} as const satisfies Record<string, readonly [description: string, matches: (value: unknown) => boolean]>;

/** What each field of an entry has to be; fields that are not listed are none of our business. */
const FieldTypes: Readonly<Record<string, Readonly<Record<string, keyof typeof Types>>>> = {
  cluster: {
    server: 'string',
    'tls-server-name': 'string',
    'insecure-skip-tls-verify': 'boolean',
    'certificate-authority': 'string',
    'certificate-authority-data': 'string',
    'proxy-url': 'string',
  },
  user: {
    'client-certificate': 'string',
    'client-certificate-data': 'string',
    'client-key': 'string',
    'client-key-data': 'string',
    token: 'string',
    tokenFile: 'string',
    as: 'string',
    'as-uid': 'string',
    'as-groups': 'strings',
    'as-user-extra': 'stringLists',
    username: 'string',
    password: 'string',
    exec: 'object',
    'auth-provider': 'object',
  },
  context: { cluster: 'string', user: 'string', namespace: 'string' },
};

/**
 * Reads the text of one kubeconfig file. Empty text is an empty kubeconfig.
 *
 * @param file - where the text comes from, for messages and relative paths.
 * @throws KubeconfigError that names the file, and the place in it.
 */
export function parseKubeconfig(text: string, file?: string): Kubeconfig {
  const where = file ?? 'kubeconfig';
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (cause) {
    throw new KubeconfigError(`${where}: ${(cause as Error).message}`, { cause });
  }
  if (!isFields(document ?? {}))
    throw new KubeconfigError(`${where}: expected a kubeconfig, got ${typeName(document)}`);
  const fields = (document ?? {}) as Fields;
  const current = fields['current-context'] ?? '';
  if (typeof current !== 'string') {
    throw new KubeconfigError(`${where}: current-context: expected a string, got ${typeName(current)}`);
  }
  return {
    ...(current ? { currentContext: current } : {}),
    clusters: entries(fields, 'clusters', 'cluster', file),
    users: entries(fields, 'users', 'user', file),
    contexts: entries(fields, 'contexts', 'context', file),
    files: file === undefined ? [] : [file],
  };
}

function entries<T>(
  document: Fields,
  plural: string,
  singular: string,
  file: string | undefined,
): Map<string, Entry<T>> {
  const where = `${file ?? 'kubeconfig'}: ${plural}`;
  const list = document[plural] ?? [];
  if (!Array.isArray(list)) throw new KubeconfigError(`${where}: expected a list, got ${typeName(list)}`);
  const result = new Map<string, Entry<T>>();
  list.forEach((item: unknown, index) => {
    const name = isFields(item) ? item['name'] : undefined;
    if (!isFields(item) || typeof name !== 'string')
      throw new KubeconfigError(`${where}[${index}].name: expected a string, got ${typeName(name)}`);
    if (result.has(name)) throw new KubeconfigError(`${where}: there are two entries called ${JSON.stringify(name)}`);
    const value = item[singular] ?? {};
    const place = `${file ?? 'kubeconfig'}: ${singular} ${JSON.stringify(name)}`;
    if (!isFields(value)) throw new KubeconfigError(`${place}: expected an object, got ${typeName(value)}`);
    result.set(name, { value: checked(value, singular, place) as T, file });
  });
  return result;
}

/** The known fields; `null` counts as absent, as for kubectl. */
function checked(value: Fields, singular: string, place: string): Fields {
  const result: Record<string, unknown> = {};
  for (const [field, type] of Object.entries(FieldTypes[singular] ?? {})) {
    const given = Object.hasOwn(value, field) ? value[field] : undefined;
    if (given === undefined || given === null) continue;
    const [description, matches] = Types[type];
    if (!matches(given))
      throw new KubeconfigError(`${place}: ${field}: expected ${description}, got ${typeName(given)}`);
    result[field] = given;
  }
  return result;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** The value itself may be a credential, so messages tell its type alone. */
function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : ({ object: 'an object' }[typeof value as string] ?? `a ${typeof value}`);
}
