import { type Event, events } from '@client-ts/api/core/v1';
import { type Config, restClientFor } from '@client-ts/rest';

/** Resolves with the events of a namespace, of either API, when they are as they should be. */
export async function untilEvents(
  config: Config,
  namespace: string,
  isDone: (events: readonly Event[]) => boolean,
): Promise<readonly Event[]> {
  const stored = new Map<string, Event>();
  await using watch = restClientFor(config).resource(events, namespace).watch();
  for await (const { type, object } of watch) {
    if (type === 'BOOKMARK') continue;
    stored.set(object.metadata.name ?? '', object);
    if (isDone([...stored.values()])) break;
  }
  return [...stored.values()];
}

/** How often what they are about has happened. */
export function occurrences(events: readonly Event[]): number {
  return events.reduce((sum, { count, series }) => sum + (series?.count ?? count ?? 1), 0);
}

/** What two events have in common that were recorded by two programs at two times: all but names, versions, uids and times. */
export function comparable(event: Event): unknown {
  return JSON.parse(JSON.stringify(event), (key, value: unknown) => {
    if (key === 'uid' || key === 'resourceVersion' || key === 'namespace') return `<${key}>`;
    if (typeof value !== 'string') return value;
    return value
      .replace(/\.[0-9a-f]{16}$/, '.<time>')
      .replace(
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/,
        (_, digits?: string) => `<time${digits ? ' with six digits' : ''}>`,
      );
  }) as unknown;
}
