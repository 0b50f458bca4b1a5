import type { Event } from '@client-ts/api/core/v1';
import { type Column, NameColumn } from './column.js';
import { timeSince } from './human-duration.js';

export const EventColumns: readonly Column<Event>[] = [
  { name: 'Last Seen', type: 'string', cell: (event, now) => timeSince(lastSeen(event), now) },
  { name: 'Type', type: 'string', cell: ({ type }) => type ?? '' },
  { name: 'Reason', type: 'string', cell: ({ reason }) => reason ?? '' },
  { name: 'Object', type: 'string', cell: involved },
  { name: 'Subobject', type: 'string', priority: 1, cell: ({ involvedObject }) => involvedObject?.fieldPath ?? '' },
  { name: 'Source', type: 'string', priority: 1, cell: source },
  { name: 'Message', type: 'string', cell: ({ message }) => (message ?? '').trim() },
  { name: 'First Seen', type: 'string', priority: 1, cell: (event, now) => timeSince(firstSeen(event), now) },
  { name: 'Count', type: 'string', priority: 1, cell: ({ count, series }) => series?.count ?? (count || 1) },
  { ...NameColumn, priority: 1 },
];

function firstSeen({ firstTimestamp, eventTime }: Event): string | undefined {
  return firstTimestamp ?? eventTime ?? undefined;
}

function lastSeen(event: Event): string | undefined {
  return event.series ? (event.series.lastObservedTime ?? undefined) : (event.lastTimestamp ?? firstSeen(event));
}

function involved({ involvedObject }: Event): string {
  const { kind = '', name = '' } = involvedObject ?? {};
  return name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

function source({ source: from, reportingComponent, reportingInstance }: Event): string {
  const host = from?.host || reportingInstance || '';
  const component = from?.component || reportingComponent || '';
  return host === '' ? component : `${component}, ${host}`;
}
