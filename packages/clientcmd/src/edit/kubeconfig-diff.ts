import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Entry, EntryList, Kubeconfig } from '../kubeconfig.js';
import type { EntryChange, FileChange } from './edit-kubeconfig-text.js';

/** Fields that name a file. */
const PathFields: readonly string[] = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/**
 * What has to change in which file: an entry in the file that it comes from, a new one in the default file.
 *
 * Paths that have changed are written relative to their file when they lead below its directory, as kubectl does.
 */
export function kubeconfigDiff(before: Kubeconfig, after: Kubeconfig, defaultFile: string): Map<string, FileChange> {
  const changes = new Map<string, EntryChange[]>();
  const add = (file: string | undefined, change: EntryChange): void => {
    const place = file ?? defaultFile;
    changes.set(place, [...(changes.get(place) ?? []), change]);
  };
  for (const list of ['clusters', 'users', 'contexts'] as const) {
    diffEntries(list, before[list], after[list], defaultFile, add);
  }
  return new Map([...changes].map(([file, entries]) => [file, { entries }]));
}

function diffEntries(
  list: EntryList,
  before: ReadonlyMap<string, Entry<object>>,
  after: ReadonlyMap<string, Entry<object>>,
  defaultFile: string,
  add: (file: string | undefined, change: EntryChange) => void,
): void {
  const gone = new Map([...before].filter(([name]) => !after.has(name)));
  for (const [name, entry] of after) {
    const old = before.get(name);
    if (old && isDeepStrictEqual(old.value, entry.value)) continue;
    const [from] = old ? [] : ([...gone].find(([, each]) => each === entry) ?? []);
    if (from !== undefined) {
      gone.delete(from);
      add(entry.file, { type: 'rename', list, from, to: name });
      continue;
    }
    const value = relativized(entry.value, old?.value, path.dirname(entry.file ?? defaultFile));
    add(entry.file, { type: 'set', list, name, before: old?.value, value });
  }
  for (const [name, { file }] of gone) add(file, { type: 'delete', list, name });
}

function relativized(value: object, old: object | undefined, directory: string): object {
  const [fields, before] = [value as Readonly<Record<string, unknown>>, old as Record<string, unknown> | undefined];
  const changed = PathFields.flatMap((field) => {
    const file = fields[field];
    if (typeof file !== 'string' || file === before?.[field] || !path.isAbsolute(file)) return [];
    const relative = path.relative(path.resolve(directory), file);
    const below = relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
    return below ? [[field, relative]] : [];
  });
  return { ...value, ...(Object.fromEntries(changed) as object) };
}
