import {
  EntryKinds,
  type EntryList,
  type Kubeconfig,
  type KubeconfigCluster,
  type KubeconfigContext,
  type KubeconfigUser,
} from '../kubeconfig.js';
import { KubeconfigError } from '../kubeconfig-error.js';
import { missing } from '../override-kubeconfig.js';
import { quoted } from '../quoted.js';
import { unsetCurrentContext } from './kubeconfig-changes.js';

/** Whether a field can be set by a text, and to what. A part of an object or a list cannot: it is unset as a whole. */
type Form = 'text' | 'flag' | 'base64' | 'whole';

const Fields: {
  readonly clusters: Readonly<Record<keyof KubeconfigCluster, Form>>;
  readonly users: Readonly<Record<keyof KubeconfigUser, Form>>;
  readonly contexts: Readonly<Record<keyof KubeconfigContext, Form>>;
} = {
  clusters: {
    server: 'text',
    'tls-server-name': 'text',
    'insecure-skip-tls-verify': 'flag',
    'certificate-authority': 'text',
    'certificate-authority-data': 'base64',
    'proxy-url': 'text',
    'disable-compression': 'flag',
    extensions: 'whole',
  },
  users: {
    'client-certificate': 'text',
    'client-certificate-data': 'base64',
    'client-key': 'text',
    'client-key-data': 'base64',
    token: 'text',
    tokenFile: 'text',
    as: 'text',
    'as-uid': 'text',
    'as-groups': 'whole',
    'as-user-extra': 'whole',
    username: 'text',
    password: 'text',
    'auth-provider': 'whole',
    exec: 'whole',
    extensions: 'whole',
  },
  contexts: { cluster: 'text', user: 'text', namespace: 'text', extensions: 'whole' },
};

/**
 * As `kubectl config set`: puts a text into one place, such as `current-context`, `clusters.my.example.server` or
 * `contexts.dev.namespace`. Names may contain dots: one ends before the last part, when that is a field. An entry that is not
 * there is made. A flag is `true` or `false`, as Go reads it; what ends in `-data` is base64. Nothing else changes:
 * {@link setCluster}, {@link setUser} and {@link setContext} know what contradicts what.
 *
 * @throws KubeconfigError for places that there are not, and for values that have no place there. It does not quote the value.
 */
export function setProperty(kubeconfig: Kubeconfig, property: string, value: string): Kubeconfig {
  const { list, name, field } = placeOf(property);
  if (value === '') throw refused(property, 'expected a value; what is there is taken away by unsetProperty');
  if (list === undefined) return { ...kubeconfig, currentContext: value };
  if (name === undefined || field === undefined) throw refused(property, 'expected a field behind the name');
  const form = (Fields[list] as Readonly<Record<string, Form>>)[field] ?? 'whole';
  return withEntry(kubeconfig, list, name, { [field]: Values[form](property, value) });
}

/**
 * As `kubectl config unset`: takes away a field, an entry such as `users.jane`, all entries of `clusters`, `users` or `contexts`, or
 * the current context. An entry or a field that is not there needs not be taken away.
 *
 * @throws KubeconfigError for places that there are not, and for a field of an entry that does not exist.
 */
export function unsetProperty(kubeconfig: Kubeconfig, property: string): Kubeconfig {
  const { list, name, field } = placeOf(property);
  if (list === undefined) return unsetCurrentContext(kubeconfig);
  if (name === undefined) return { ...kubeconfig, [list]: new Map() };
  if (field !== undefined) {
    if (!kubeconfig[list].has(name)) throw refused(property, missing(EntryKinds[list], name, kubeconfig[list]));
    return withEntry(kubeconfig, list, name, { [field]: undefined });
  }
  const entries = new Map<string, unknown>(kubeconfig[list]);
  entries.delete(name);
  return { ...kubeconfig, [list]: entries };
}

interface Place {
  /** Without a list it is the current context. */
  readonly list?: EntryList;
  readonly name?: string;
  readonly field?: string;
}

function placeOf(property: string): Place {
  if (property === 'current-context') return {};
  const [list = '', ...parts] = property.split('.');
  if (!isList(list)) throw refused(property, 'expected current-context, or clusters, users or contexts');
  if (parts.length === 0) return { list };
  const field = parts.findIndex((part, at) => at > 0 && Object.hasOwn(Fields[list], part));
  if (field < 0) return { list, name: parts.join('.') };
  if (field < parts.length - 1) throw refused(property, `there is nothing to choose within ${parts[field]}`);
  return { list, name: parts.slice(0, field).join('.'), field: parts[field] ?? '' };
}

function isList(text: string): text is EntryList {
  return Object.hasOwn(EntryKinds, text);
}

const Flags: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false])),
};

const Values: Readonly<Record<Form, (property: string, value: string) => unknown>> = {
  text: (_, value) => value,
  flag(property, value) {
    if (!Object.hasOwn(Flags, value)) throw refused(property, 'expected true or false');
    return Flags[value] || undefined;
  },
  base64(property, value) {
    if (Buffer.from(value, 'base64').toString('base64') !== value) throw refused(property, 'expected base64');
    return value;
  },
  whole(property) {
    throw refused(property, 'is more than a text; setCluster, setUser and setContext take it as a whole');
  },
};

function withEntry(kubeconfig: Kubeconfig, list: EntryList, name: string, fields: object): Kubeconfig {
  const old = kubeconfig[list].get(name);
  const all = Object.entries({ ...old?.value, ...fields }).filter(([, value]) => value !== undefined);
  const entry = { file: old?.file, value: Object.fromEntries(all) as object };
  return { ...kubeconfig, [list]: new Map<string, unknown>(kubeconfig[list]).set(name, entry) };
}

function refused(property: string, problem: string): KubeconfigError {
  return new KubeconfigError(`property ${quoted(property)}: ${problem}`);
}
