import { formatGroupVersion, InitialEventsAnnotation } from '@client-ts/apimachinery';
import { isStatusError } from '@client-ts/apimachinery/errors';
import type { ServedResource } from '../resource-registry.js';
import type { Selection } from '../selection.js';
import type { Change } from '../storage/change.js';
import type { StoredObject } from '../stored-object.js';

/** What a watcher with a selection sees of a change; `undefined` when it sees nothing. */
export function visibleChange(
  change: Change<StoredObject>,
  selection: Selection,
): { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly stored: StoredObject } | undefined {
  const { value, previous, deleted, revision } = change;
  const before = previous !== undefined && (selection.all || selection.matches(previous.object));
  const after = !deleted && (selection.all || selection.matches(value.object));
  if (before && after) return { type: 'MODIFIED', stored: value };
  if (after) return { type: 'ADDED', stored: value };
  if (!before) return undefined;
  // What left the selection is shown as it was while it was in it.
  return { type: 'DELETED', stored: deleted ? value : previous.at(revision) };
}

/** A line of a watch. `object` is JSON. */
export function eventLine(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

export function bookmarkLine(resource: ServedResource, revision: number, initialEnd: boolean): string {
  const object = {
    kind: resource.kind,
    apiVersion: formatGroupVersion(resource),
    metadata: {
      resourceVersion: String(revision),
      ...(initialEnd ? { annotations: { [InitialEventsAnnotation]: 'true' } } : {}),
    },
  };
  return eventLine('BOOKMARK', JSON.stringify(object));
}

/** The last line of a watch that failed. */
export function errorLine(error: unknown): string {
  if (!isStatusError(error)) throw error;
  return eventLine('ERROR', JSON.stringify(error.status));
}
