import type { EntryList } from './kubeconfig.js';

export type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a value: where in it, and what was expected there. Empty when nothing is. */
type Problem = readonly [path: string, expected: string, got: unknown] | undefined;

/** A kind of value. A field that is `null` is absent, as for kubectl; an element that is, is a mistake. */
type Check = (value: unknown) => Problem;

const Nothing = Symbol('null');

const string: Check = (value) => (typeof value === 'string' ? undefined : ['', 'a string', value]);
const boolean: Check = (value) => (typeof value === 'boolean' ? undefined : ['', 'true or false', value]);
const anything: Check = () => undefined;

/** Base64 as Go reads it: line breaks anywhere, padding required. */
const base64: Check = (value) => {
  if (typeof value !== 'string') return string(value);
  const text = value.replaceAll(/[\r\n]/g, '');
  const valid = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return valid ? undefined : ['', 'base64', undefined];
};

function listOf(check: Check, description: string): Check {
  return (value) => {
    if (!Array.isArray(value)) return ['', description, value];
    return firstProblem(value.map((item: unknown, index) => [`[${index}]`, check, item ?? Nothing]));
  };
}

function mapOf(check: Check, description: string): Check {
  return (value) => {
    if (!isFields(value)) return ['', description, value];
    // Keys come from the file, and may be anything: messages leave them out.
    return firstProblem(Object.values(value).map((item) => ['[…]', check, item ?? Nothing]));
  };
}

function objectOf(fields: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isFields(value)) return ['', 'an object', value];
    return firstProblem(Object.entries(fields).map(([field, check]) => [`.${field}`, check, own(value, field)]));
  };
}

function firstProblem(parts: readonly (readonly [path: string, check: Check, value: unknown])[]): Problem {
  for (const [path, check, value] of parts) {
    const problem = value === undefined || value === null ? undefined : check(value);
    if (problem) return [path + problem[0], problem[1], problem[2]];
  }
  return undefined;
}

const extensions = listOf(objectOf({ name: string, extension: anything }), 'a list');
const strings = listOf(string, 'a list of strings');

const Cluster: Readonly<Record<string, Check>> = {
  server: string,
  'tls-server-name': string,
  'insecure-skip-tls-verify': boolean,
  'certificate-authority': string,
  'certificate-authority-data': base64,
  'proxy-url': string,
  'disable-compression': boolean,
  extensions,
};

const User: Readonly<Record<string, Check>> = {
  'client-certificate': string,
  'client-certificate-data': base64,
  'client-key': string,
  'client-key-data': base64,
  token: string,
  tokenFile: string,
  as: string,
  'as-uid': string,
  'as-groups': strings,
  'as-user-extra': mapOf(strings, 'lists of strings by key'),
  username: string,
  password: string,
  'auth-provider': objectOf({ name: string, config: mapOf(string, 'strings by key') }),
  exec: objectOf({
    command: string,
    args: strings,
    env: listOf(objectOf({ name: string, value: string }), 'a list'),
    apiVersion: string,
    installHint: string,
    provideClusterInfo: boolean,
    interactiveMode: string,
  }),
  extensions,
};

const Context: Readonly<Record<string, Check>> = { cluster: string, user: string, namespace: string, extensions };

const File: Readonly<Record<string, Check>> = {
  apiVersion: string,
  kind: string,
  'current-context': string,
  preferences: objectOf({ colors: boolean, extensions }),
  extensions,
};

/** What each field of a file and of its entries has to be; fields that are not listed are none of our business. */
export const FieldTypes: Readonly<Record<'file' | EntryList, Readonly<Record<string, Check>>>> = {
  file: File,
  clusters: Cluster,
  users: User,
  contexts: Context,
};

/**
 * The known fields of an object, without those that are `null`.
 *
 * @param refuse - makes the error of a field that is something else; it is told of the type, since the value itself may be a
 * credential.
 */
export function knownFields(
  value: Fields,
  types: Readonly<Record<string, Check>>,
  refuse: (problem: string) => Error,
): Fields {
  const result: Record<string, unknown> = {};
  for (const [field, check] of Object.entries(types)) {
    const given = own(value, field);
    const problem = firstProblem([[field, check, given]]);
    if (problem) {
      const [path, expected, got] = problem;
      throw refuse(`${path}: expected ${expected}${got === undefined ? '' : `, got ${typeName(got)}`}`);
    }
    if (given !== undefined && given !== null) result[field] = given;
  }
  return result;
}

/** The field itself, and nothing that all objects have. */
export function own(value: Fields, field: string): unknown {
  return Object.hasOwn(value, field) ? value[field] : undefined;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function typeName(value: unknown): string {
  if (value === null || value === undefined || value === Nothing) return 'nothing';
  return Array.isArray(value) ? 'a list' : ({ object: 'an object' }[typeof value as string] ?? `a ${typeof value}`);
}
