import type { ExecConfig } from '@client-ts/auth';
import {
  type Entry,
  EntryKinds,
  type EntryList,
  type Kubeconfig,
  type KubeconfigAuthProvider,
  type NamedExtension,
} from './kubeconfig.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * A kubeconfig as the API object `Config`, as `kubectl config view --raw -o json` prints it: entries and keys in alphabetical
 * order, empty fields left out but for those that kubectl always writes.
 */
export function kubeconfigObject(kubeconfig: Kubeconfig): Fields {
  const { currentContext = '', preferences, extensions } = kubeconfig;
  const shownPreferences = shown({ colors: preferences?.colors, extensions: preferences?.extensions });
  return sorted({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': currentContext,
    ...entries(kubeconfig, 'clusters', { server: '' }),
    ...entries(kubeconfig, 'users', {}),
    ...entries(kubeconfig, 'contexts', { cluster: '', user: '' }),
    ...(Object.keys(shownPreferences).length > 0 ? { preferences: shownPreferences } : {}),
    ...shown({ extensions }),
  });
}

/** {@link kubeconfigObject} as YAML: the text of a kubeconfig file. */
export async function formatKubeconfig(kubeconfig: Kubeconfig): Promise<string> {
  const { stringifyYaml } = await import('@client-ts/serializer/yaml');
  return stringifyYaml(kubeconfigObject(kubeconfig));
}

function entries(kubeconfig: Kubeconfig, list: EntryList, always: Fields): Fields {
  const byName: readonly (readonly [string, Entry<object>])[] = [...kubeconfig[list]];
  if (byName.length === 0) return { [list]: null };
  const items = byName
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { value }]) => sorted({ name, [EntryKinds[list]]: sorted({ ...always, ...shown(value) }) }));
  return { [list]: items };
}

/** The fields that are not empty, each as it is written. */
function shown(value: object): Fields {
  const fields = Object.entries(value).map(([field, given]) => [field, shape(field, given)] as const);
  return Object.fromEntries(fields.filter(([, given]) => !isEmpty(given)));
}

/** Some fields have another form in the file than at hand. */
function shape(field: string, value: unknown): unknown {
  if (field.endsWith('-data')) return Buffer.from(String(value), 'base64').toString('base64');
  if (field === 'exec') return execShape(value as ExecConfig);
  if (field === 'auth-provider') return providerShape(value as KubeconfigAuthProvider);
  return field === 'extensions' ? extensionShapes(value as readonly NamedExtension[] | undefined) : value;
}

function providerShape({ name = '', config }: KubeconfigAuthProvider): Fields {
  return { config: config ?? null, name };
}

function extensionShapes(list: readonly NamedExtension[] = []): readonly Fields[] {
  return list
    .map(({ name = '', extension = null }) => ({ extension, name }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function execShape(exec: ExecConfig): Fields {
  const { command = '', args, env, apiVersion, installHint, provideClusterInfo = false, interactiveMode } = exec;
  // Plugins of v1beta1 are older than the field, and kubectl fills it in.
  const older = apiVersion === 'client.authentication.k8s.io/v1beta1' || apiVersion?.endsWith('/v1alpha1');
  return sorted({
    args: args ?? null,
    command,
    env: env?.map(({ name = '', value = '' }) => ({ name, value })) ?? null,
    provideClusterInfo,
    ...shown({ apiVersion, installHint, interactiveMode: interactiveMode || (older ? 'IfAvailable' : '') }),
  });
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function sorted(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
