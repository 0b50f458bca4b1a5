import type { EntryList } from './kubeconfig.js';

export type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a value. */
class FieldProblem extends Error {
  /** @param path - where in the value, such as `exec.args[0]`. */
  constructor(path: string, expected: string, got?: string) {
    super(`${path}: expected ${expected}${got === undefined ? '' : `, got ${got}`}`);
  }
}

/** Takes a value as it has to be. @throws FieldProblem, which tells of the type alone: the value may be a credential. */
type Read = (value: unknown, path: string) => unknown;

const string: Read = (value, path) => {
  if (typeof value !== 'string') throw new FieldProblem(path, 'a string', typeName(value));
  return value;
};

const boolean: Read = (value, path) => {
  if (typeof value !== 'boolean') throw new FieldProblem(path, 'true or false', typeName(value));
  return value;
};

const anything: Read = (value) => value;

/** Base64 as Go reads it: line breaks anywhere, padding required. */
const base64: Read = (value, path) => {
  const text = (string(value, path) as string).replaceAll(/[\r\n]/g, '');
  const valid = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  if (!valid) throw new FieldProblem(path, 'base64');
  return value;
};

function listOf(read: Read, description: string): Read {
  return (value, path) => {
    if (!Array.isArray(value)) throw new FieldProblem(path, description, typeName(value));
    return value.map((item: unknown, index) => read(item, `${path}[${index}]`));
  };
}

function mapOf(read: Read, description: string): Read {
  return (value, path) => {
    if (!isFields(value)) throw new FieldProblem(path, description, typeName(value));
    // Keys come from the file, and may be anything: messages leave them out.
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, read(item, `${path}[…]`)]));
  };
}

/** The known fields; `null` is absent, as for kubectl. */
function objectOf(fields: Readonly<Record<string, Read>>): Read {
  return (value, path) => {
    if (!isFields(value)) throw new FieldProblem(path, 'an object', typeName(value));
    const read = Object.entries(fields).flatMap(([field, each]) => {
      const given = own(value, field);
      const absent = given === undefined || given === null;
      return absent ? [] : [[field, each(given, path === '' ? field : `${path}.${field}`)] as const];
    });
    return Object.fromEntries(read);
  };
}

const extensions = listOf(objectOf({ name: string, extension: anything }), 'a list');
const strings = listOf(string, 'a list of strings');

/** What each field of a file and of its entries has to be; fields that are not listed are none of our business. */
const Readers: Readonly<Record<'file' | EntryList, Read>> = {
  file: objectOf({
    apiVersion: string,
    kind: string,
    'current-context': string,
    preferences: objectOf({ colors: boolean, extensions }),
    extensions,
  }),
  clusters: objectOf({
    server: string,
    'tls-server-name': string,
    'insecure-skip-tls-verify': boolean,
    'certificate-authority': string,
    'certificate-authority-data': base64,
    'proxy-url': string,
    'disable-compression': boolean,
    extensions,
  }),
  users: objectOf({
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
  }),
  contexts: objectOf({ cluster: string, user: string, namespace: string, extensions }),
};

/**
 * The known fields of an object, without those that are `null`.
 *
 * @param refuse - makes the error of a field that is something else.
 */
export function knownFields(kind: keyof typeof Readers, value: Fields, refuse: (problem: string) => Error): Fields {
  try {
    return Readers[kind](value, '') as Fields;
  } catch (error) {
    throw error instanceof FieldProblem ? refuse(error.message) : error;
  }
}

/** The field itself, and nothing that all objects have. */
export function own(value: Fields, field: string): unknown {
  return Object.hasOwn(value, field) ? value[field] : undefined;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function typeName(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : ({ object: 'an object' }[typeof value as string] ?? `a ${typeof value}`);
}
