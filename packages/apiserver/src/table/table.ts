import type { KubernetesObject, ListMeta } from '@client-ts/apimachinery';
import { newBadRequest } from '@client-ts/apimachinery/errors';
import type { Representation } from '../representation.js';
import type { Column } from './column.js';
import { columnsOf } from './columns-of.js';
import { partialMetadata } from './partial-metadata.js';

/** How much of each object a row carries beside its cells. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/**
 * `as=Table`: what `kubectl get` prints.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 */
export function tableRepresentation(
  apiVersion: string,
  includeObject: IncludeObject,
  now: () => number,
): Representation {
  function table(
    metadata: ListMeta,
    columns: readonly Column[],
    objects: readonly KubernetesObject[],
    withColumns = true,
  ): object {
    const time = now();
    return {
      kind: 'Table',
      apiVersion,
      metadata,
      columnDefinitions: withColumns ? columns.map(columnDefinition) : null,
      rows: objects.map((object) => ({
        cells: columns.map((column) => column.cell(object, time)),
        object: included(object),
      })),
    };
  }
  function included(object: KubernetesObject): KubernetesObject | null {
    if (includeObject === 'None') return null;
    return includeObject === 'Object' ? object : partialMetadata(object, apiVersion);
  }
  return {
    object: (resource, object) => table(versionOf(object), columnsOf(resource, object.kind), [object]),
    list: (resource, metadata, items) => table(metadata, columnsOf(resource), items),
    event: (resource, object, first) => table(versionOf(object), columnsOf(resource), [object], first),
  };
}

/** @throws StatusError 400 for anything else than the three. */
export function parseIncludeObject(value: string | null): IncludeObject {
  if (value === null || value === '') return 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw newBadRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(value)}: must be 'Metadata', 'Object', 'None', or empty`,
  );
}

function columnDefinition({ name, type, format = '', description = '', priority = 0 }: Column): object {
  return { name, type, format, description, priority };
}

function versionOf({ metadata }: KubernetesObject): ListMeta {
  return metadata?.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion };
}
