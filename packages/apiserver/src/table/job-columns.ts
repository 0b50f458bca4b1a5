import type { CronJob, Job } from '@client-ts/api/batch/v1';
import { AgeColumn, type Column, containerColumns, formatSelector, NameColumn } from './column.js';
import { humanDuration, timeSince } from './human-duration.js';

/** Conditions that are shown, the first one that holds; a deletion counts after the ends. */
const Ends = ['Complete', 'Failed'];
const States = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'];

export const JobColumns: readonly Column<Job>[] = [
  NameColumn,
  { name: 'Status', type: 'string', cell: jobStatus },
  { name: 'Completions', type: 'string', cell: completions },
  { name: 'Duration', type: 'string', cell: duration },
  AgeColumn,
  ...containerColumns<Job>(({ spec }) => spec?.template?.spec?.containers, 1),
  { name: 'Selector', type: 'string', priority: 1, cell: ({ spec }) => formatSelector(spec?.selector) },
];

export const CronJobColumns: readonly Column<CronJob>[] = [
  NameColumn,
  { name: 'Schedule', type: 'string', cell: ({ spec }) => spec?.schedule ?? '' },
  { name: 'Timezone', type: 'string', cell: ({ spec }) => spec?.timeZone ?? '<none>' },
  {
    name: 'Suspend',
    type: 'boolean',
    cell: ({ spec }) => (spec?.suspend === undefined ? '<unset>' : spec.suspend ? 'True' : 'False'),
  },
  { name: 'Active', type: 'integer', cell: ({ status }) => (status?.active ?? []).length },
  {
    name: 'Last Schedule',
    type: 'string',
    cell: ({ status }, now) => (status?.lastScheduleTime ? timeSince(status.lastScheduleTime, now) : '<none>'),
  },
  AgeColumn,
  ...containerColumns<CronJob>(({ spec }) => spec?.jobTemplate?.spec?.template?.spec?.containers, 1),
  {
    name: 'Selector',
    type: 'string',
    priority: 1,
    cell: ({ spec }) => formatSelector(spec?.jobTemplate?.spec?.selector),
  },
];

function jobStatus({ metadata, status }: Job): string {
  const first = (types: readonly string[]): string | undefined =>
    types.find((type) => status?.conditions?.find((condition) => condition.type === type)?.status === 'True');
  return first(Ends) ?? (metadata?.deletionTimestamp ? 'Terminating' : (first(States) ?? 'Running'));
}

function completions({ spec, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (spec?.completions !== undefined) return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function duration({ status }: Job, now: number): string {
  const start = Date.parse(status?.startTime ?? '');
  if (Number.isNaN(start)) return '';
  return humanDuration((status?.completionTime ? Date.parse(status.completionTime) : now) - start);
}
