import { parseYaml } from '@client-ts/serializer/yaml';
import { type Entry, type Kubeconfig, KubeconfigError } from './kubeconfig.js';

type Fields = Readonly<Record<string, unknown>>;

/** What each field of an entry has to be; fields that are not listed are none of our business. */
const FieldTypes: Readonly<Record<string, Readonly<Record<string, 'string' | 'boolean' | 'list' | 'object'>>>> = {
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
    'as-groups': 'list',
    'as-user-extra': 'object',
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
    throw new KubeconfigError(`error loading config file ${JSON.stringify(where)}: ${(cause as Error).message}`, {
      cause,
    });
  }
  if (document === null) return { clusters: new Map(), users: new Map(), contexts: new Map() };
  if (!isFields(document)) throw new KubeconfigError(`${where}: expected a kubeconfig, got ${typeName(document)}`);
  const current = document['current-context'];
  if (current !== undefined && current !== null && typeof current !== 'string') {
    throw new KubeconfigError(`${where}: current-context: expected a string, got ${typeName(current)}`);
  }
  return {
    ...(current ? { currentContext: current } : {}),
    clusters: entries(document, 'clusters', 'cluster', file),
    users: entries(document, 'users', 'user', file),
    contexts: entries(document, 'contexts', 'context', file),
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
      throw new KubeconfigError(`${where}[${index}].name: expected a string`);
    if (result.has(name)) throw new KubeconfigError(`${where}: there are two entries called ${JSON.stringify(name)}`);
    const value = item[singular] ?? {};
    if (!isFields(value))
      throw new KubeconfigError(`${where}[${index}].${singular}: expected an object, got ${typeName(value)}`);
    result.set(name, { value: checked(value, singular, `${where}[${index}].${singular}`) as T, file });
  });
  return result;
}

/** The known fields; `null` counts as absent, as for kubectl. */
function checked(value: Fields, singular: string, where: string): Fields {
  const result: Record<string, unknown> = {};
  for (const [field, type] of Object.entries(FieldTypes[singular] ?? {})) {
    const given = Object.hasOwn(value, field) ? value[field] : undefined;
    if (given === undefined || given === null) continue;
    if (typeName(given) !== type)
      throw new KubeconfigError(`${where}.${field}: expected ${type}, got ${typeName(given)}`);
    result[field] = given;
  }
  return result;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value itself may be a credential, so messages tell its type alone. */
function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
