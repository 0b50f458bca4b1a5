import type { KubernetesObject } from '@client-ts/apimachinery';
import { type LabelSelector, selectorFromLabelSelector } from '@client-ts/apimachinery/labels';
import { timeSince } from './human-duration.js';

/**
 * One column of a Table.
 *
 * Objects may lack what their type requires: a cell is made from whatever is there.
 */
export interface Column<T extends KubernetesObject = KubernetesObject> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date' | (string & {});
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  /** Columns above 0 are shown by `kubectl get -o wide` only. Default: 0. */
  readonly priority?: number | undefined;
  /** @param now - milliseconds since the epoch, for ages. */
  cell(object: T, now: number): unknown;
}

export const NameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  cell: ({ metadata }) => metadata?.name ?? '',
};

export const AgeColumn: Column = {
  name: 'Age',
  type: 'string',
  cell: ({ metadata }, now) => timeSince(metadata?.creationTimestamp, now),
};

export const CreatedAtColumn: Column = {
  name: 'Created At',
  type: 'date',
  cell: ({ metadata }) => metadata?.creationTimestamp ?? null,
};

/** Labels as `a=b,c=d`, sorted by key. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return orNone(pairs.toSorted().join(','));
}

export function formatSelector(selector: LabelSelector | undefined): string {
  return selector ? orNone(selectorFromLabelSelector(selector).toString()) : '<none>';
}

export function orNone(text: string | undefined): string {
  return text || '<none>';
}

interface ContainerNames {
  readonly name?: string | undefined;
  readonly image?: string | undefined;
}

/** The columns about containers that workloads have in common. */
export function containerColumns<T extends KubernetesObject>(
  containersOf: (object: T) => readonly ContainerNames[] | undefined,
  priority: number,
): Column<T>[] {
  const joined = (object: T, field: 'name' | 'image'): string =>
    (containersOf(object) ?? []).map((container) => container[field] ?? '').join(',');
  return [
    { name: 'Containers', type: 'string', priority, cell: (object) => joined(object, 'name') },
    { name: 'Images', type: 'string', priority, cell: (object) => joined(object, 'image') },
  ];
}
