import { printable } from '@client-ts/apimachinery';
import { type Fields, isFields, knownFields, own, typeName } from './field-types.js';
import {
  type Entry,
  EntryKinds,
  type EntryList,
  type Kubeconfig,
  type KubeconfigPreferences,
  type NamedExtension,
} from './kubeconfig.js';
import { KubeconfigError } from './kubeconfig-error.js';
import { quoted } from './quoted.js';

/**
 * Takes what a kubeconfig file says, parsed, as kubectl does: fields that nobody knows are passed over, and so is an entry's
 * name that is missing: it is the empty one.
 *
 * @param file - where it comes from, for messages and relative paths.
 * @throws KubeconfigError that names the file, and the place in it.
 */
export function kubeconfigFrom(document: unknown, file?: string): Kubeconfig {
  const where = placeIn(file);
  if (!isFields(document)) throw new KubeconfigError(`${where}: expected a kubeconfig, got ${typeName(document)}`);
  const refuse = (problem: string): KubeconfigError => new KubeconfigError(`${where}: ${problem}`);
  const { apiVersion, kind, extensions, ...rest } = knownFields('file', document, refuse) as FileFields;
  if (apiVersion && apiVersion !== 'v1') throw refuse('apiVersion: expected v1');
  if (kind && kind !== 'Config') throw refuse('kind: expected Config');
  const { 'current-context': currentContext, preferences } = rest;
  checkUnique(extensions, 'extensions', refuse);
  checkUnique(preferences?.extensions, 'preferences.extensions', refuse);
  return {
    ...(currentContext ? { currentContext } : {}),
    clusters: entries(document, 'clusters', file),
    users: entries(document, 'users', file),
    contexts: entries(document, 'contexts', file),
    ...(preferences ? { preferences } : {}),
    ...(extensions ? { extensions } : {}),
    files: file === undefined ? [] : [file],
  };
}

/** How messages call a file. */
export function placeIn(file: string | undefined): string {
  return file === undefined ? 'kubeconfig' : printable(file);
}

interface FileFields {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly 'current-context'?: string;
  readonly preferences?: KubeconfigPreferences;
  readonly extensions?: readonly NamedExtension[];
}

function entries<T extends object>(document: Fields, list: EntryList, file: string | undefined): Map<string, Entry<T>> {
  const where = placeIn(file);
  const given = own(document, list) ?? [];
  if (!Array.isArray(given)) throw new KubeconfigError(`${where}: ${list}: expected a list, got ${typeName(given)}`);
  const result = new Map<string, Entry<T>>();
  given.forEach((element: unknown, index) => {
    const item = element ?? {};
    if (!isFields(item))
      throw new KubeconfigError(`${where}: ${list}[${index}]: expected an object, got ${typeName(item)}`);
    const name = own(item, 'name') ?? '';
    if (typeof name !== 'string') {
      throw new KubeconfigError(`${where}: ${list}[${index}].name: expected a string, got ${typeName(name)}`);
    }
    if (result.has(name)) throw new KubeconfigError(`${where}: ${list}: there are two entries called ${quoted(name)}`);
    const kind = EntryKinds[list];
    const refuse = (problem: string): KubeconfigError =>
      new KubeconfigError(`${where}: ${kind} ${quoted(name)}: ${problem}`);
    const value = own(item, kind) ?? {};
    if (!isFields(value)) throw refuse(`expected an object, got ${typeName(value)}`);
    const known = knownFields(list, value, refuse) as T & { readonly extensions?: NamedExtension[] };
    checkUnique(known.extensions, 'extensions', refuse);
    result.set(name, { value: known, file });
  });
  return result;
}

function checkUnique(
  extensions: readonly NamedExtension[] | undefined,
  path: string,
  refuse: (problem: string) => KubeconfigError,
): void {
  const names = new Set<string>();
  for (const { name = '' } of extensions ?? []) {
    if (names.has(name)) throw refuse(`${path}: there are two called ${quoted(name)}`);
    names.add(name);
  }
}
