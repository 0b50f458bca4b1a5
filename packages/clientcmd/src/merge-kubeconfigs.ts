import type { Entry, Kubeconfig, KubeconfigPreferences, NamedExtension } from './kubeconfig.js';

/**
 * Several kubeconfigs as one, as kubectl merges them: the first that sets the current context, or defines an entry or an
 * extension, wins, and an entry is taken whole.
 *
 * @param files - where all of them were looked for, for messages.
 */
export function mergeKubeconfigs(kubeconfigs: readonly Kubeconfig[], files: readonly string[]): Kubeconfig {
  const currentContext = kubeconfigs.find((each) => each.currentContext !== undefined)?.currentContext;
  const preferences = mergePreferences(kubeconfigs.map((each) => each.preferences));
  const extensions = mergeExtensions(kubeconfigs.map((each) => each.extensions));
  return {
    ...(currentContext === undefined ? {} : { currentContext }),
    clusters: firstOfEach(kubeconfigs.map((each) => each.clusters)),
    users: firstOfEach(kubeconfigs.map((each) => each.users)),
    contexts: firstOfEach(kubeconfigs.map((each) => each.contexts)),
    ...(preferences ? { preferences } : {}),
    ...(extensions ? { extensions } : {}),
    files,
  };
}

function firstOfEach<T>(maps: readonly ReadonlyMap<string, Entry<T>>[]): Map<string, Entry<T>> {
  const result = new Map<string, Entry<T>>();
  for (const map of maps) for (const [name, entry] of map) if (!result.has(name)) result.set(name, entry);
  return result;
}

function mergeExtensions(
  lists: readonly (readonly NamedExtension[] | undefined)[],
): readonly NamedExtension[] | undefined {
  const given = lists.filter((list) => list !== undefined);
  if (given.length <= 1) return given[0];
  const result = new Map<string, NamedExtension>();
  for (const each of given.flat()) if (!result.has(each.name ?? '')) result.set(each.name ?? '', each);
  return [...result.values()];
}

function mergePreferences(list: readonly (KubeconfigPreferences | undefined)[]): KubeconfigPreferences | undefined {
  const given = list.filter((preferences) => preferences !== undefined);
  if (given.length <= 1) return given[0];
  const extensions = mergeExtensions(given.map((preferences) => preferences.extensions));
  const colors = given.some((preferences) => preferences.colors);
  return { ...(colors ? { colors } : {}), ...(extensions ? { extensions } : {}) };
}
