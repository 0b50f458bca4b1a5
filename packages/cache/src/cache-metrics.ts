import {
  guardedProvider,
  type ListOrigin,
  type Metric,
  type MetricLabels,
  type MetricSample,
  type MetricsProvider,
} from '@client-ts/apimachinery';
import type { CacheMeter, InformerMeter, MeteredInformer, ReflectorMeter } from './cache-meter.js';
import type { CachedObject } from './deep-readonly.js';
import { CacheError, type CacheErrorHandler } from './error-handler.js';
import type { PoppedQueue } from './queue.js';
import { VeryShortWatchError } from './watch-failure.js';

const OfReflector = ['name'] as const;
const OfInformer = ['name', 'group', 'version', 'resource'] as const;

/** Of requests that have ended. Names and labels are those of client-go. */
const Requests = {
  lists: metric('reflector_lists_total', 'Lists that were asked for.', OfReflector),
  listSeconds: metric('reflector_list_duration_seconds', 'How long lists took that were read.', OfReflector),
  listItems: metric('reflector_items_per_list', 'How many items lists had that were read.', OfReflector),
  watches: metric('reflector_watches_total', 'Watches that were asked for, and have ended.', OfReflector),
  shortWatches: metric(
    'reflector_short_watches_total',
    'Watches that were closed at once, with nothing new.',
    OfReflector,
  ),
  watchSeconds: metric('reflector_watch_duration_seconds', 'How long watches lasted.', OfReflector),
  watchItems: metric('reflector_items_per_watch', 'How many events watches had.', OfReflector),
} as const;

const LastVersion = metric(
  'reflector_last_resource_version',
  'The last 15 digits of the newest version that was read.',
  OfReflector,
);

const ProcessingSeconds = metric(
  'informer_processing_latency_seconds',
  'How long it took to bring into the cache what was popped from the queue.',
  OfInformer,
);

/** What informers are asked for when somebody looks. The first two are client-go's. */
const Gauges: readonly (readonly [
  Metric,
  (health: ReturnType<MeteredInformer['health']>, informer: MeteredInformer) => Values,
])[] = [
  [
    metric('informer_queued_items', 'Changes that wait to be taken into the cache.', OfInformer),
    ({ queued }) => [[{}, queued]],
  ],
  [
    metric('informer_store_resource_version', 'The last 15 digits of the version of the cache.', OfInformer),
    ({ lastSyncResourceVersion }) => [[{}, lastDigits(lastSyncResourceVersion)]],
  ],
  [metric('informer_stored_items', 'Objects in the cache.', OfInformer), (_, { indexer }) => [[{}, indexer.size]]],
  [
    metric('informer_last_event_age_seconds', 'Time since the last sign of life of the server.', OfInformer),
    ({ lastEventAgeMs }) => (lastEventAgeMs === undefined ? [] : [[{}, lastEventAgeMs / 1000]]),
  ],
  [
    metric('informer_failures_total', 'Requests that failed.', [...OfInformer, 'reason']),
    ({ failures }) => byReason(failures),
  ],
  [
    metric('informer_relists_total', 'New lists that failures made necessary.', [...OfInformer, 'reason']),
    ({ relists }) => byReason(relists),
  ],
  [
    metric('informer_undecodable_items_total', 'Objects that could not be decoded, and were left out.', OfInformer),
    ({ undecodable }) => [[{}, undecodable]],
  ],
  [
    metric('informer_handler_queued_items', 'Changes that a handler has not been told of.', [...OfInformer, 'handler']),
    ({ handlers }) => handlers.map(({ name, length }) => [{ handler: name }, length]),
  ],
  [
    metric('informer_handler_oldest_age_seconds', 'How long the oldest of them has waited.', [
      ...OfInformer,
      'handler',
    ]),
    ({ handlers }) => handlers.map(({ name, oldestAgeMs }) => [{ handler: name }, oldestAgeMs / 1000]),
  ],
];

/** Values, with the labels that not all of the informer's have. */
type Values = readonly (readonly [MetricLabels, number])[];

/**
 * Metrics of reflectors and informers, as their option `metrics`; one may be given to all. `name` is that of the informer, and has
 * to be one of its own. Its resource is known where the source tells its `origin`, as clients do. A provider that throws is reported
 * to `onError` of the reflector or informer, once for each metric, and does no other harm.
 */
export function cacheMetrics(provider: MetricsProvider): CacheMeter {
  return {
    reflector(name, reflector, onError): ReflectorMeter {
      const metrics = guarded(provider, name, onError);
      const labels = { name };
      const inc = (counted: Metric): void => metrics.counter(counted, labels).inc();
      const observe = (measured: Metric, value: number): void => metrics.histogram(measured, labels).observe(value);
      const version = metrics.gauge(LastVersion, () => [
        { labels, value: lastDigits(reflector.lastSyncResourceVersion) },
      ]);
      return {
        requested({ kind, durationMs, items, error }) {
          if (kind === 'list') {
            inc(Requests.lists);
            if (error !== undefined) return;
            observe(Requests.listSeconds, durationMs / 1000);
            observe(Requests.listItems, items);
            return;
          }
          inc(Requests.watches);
          if (error instanceof VeryShortWatchError) inc(Requests.shortWatches);
          observe(Requests.watchSeconds, durationMs / 1000);
          observe(Requests.watchItems, items);
        },
        [Symbol.dispose]: () => version[Symbol.dispose](),
      };
    },
    informer(informer, origin, onError): InformerMeter {
      const metrics = guarded(provider, informer.name, onError);
      const labels = { name: informer.name, ...resourceOf(origin) };
      const gauges = Gauges.map(([measured, valuesOf]) =>
        metrics.gauge(measured, () =>
          valuesOf(informer.health(), informer).map(([more, value]): MetricSample => ({
            labels: { ...labels, ...more },
            value,
          })),
        ),
      );
      const seconds = metrics.histogram(ProcessingSeconds, labels);
      return {
        timed: (queue, now) => timed(queue, now, (ms) => seconds.observe(ms / 1000)),
        [Symbol.dispose]: () => {
          for (const gauge of gauges) gauge[Symbol.dispose]();
        },
      };
    },
  };
}

function guarded(provider: MetricsProvider, name: string, onError: CacheErrorHandler): MetricsProvider {
  return guardedProvider(provider, {
    onError: (error, metric) =>
      onError(new CacheError('metrics', `${name}: the metric ${metric.name} cannot be kept`, error)),
  });
}

function metric(name: string, help: string, labelNames: readonly string[]): Metric {
  return { name, help, labelNames };
}

function byReason(counts: Readonly<Record<string, number>>): Values {
  return Object.entries(counts).map(([reason, count]) => [{ reason }, count]);
}

/** As client-go does it: a number cannot hold more digits. */
function lastDigits(resourceVersion: string): number {
  return Number(resourceVersion.slice(-15)) || 0;
}

function resourceOf(origin: ListOrigin | undefined): MetricLabels {
  const [resource = '', version = '', group = ''] = origin?.resource.split('/').toReversed() ?? [];
  return { group, version, resource };
}

function timed<T extends CachedObject>(
  queue: PoppedQueue<T>,
  now: () => number,
  took: (ms: number) => void,
): PoppedQueue<T> {
  return {
    pop(process) {
      const startedMs = now();
      let popped = true;
      try {
        popped = queue.pop(process);
      } finally {
        if (popped) took(now() - startedMs);
      }
      return popped;
    },
    peek: () => queue.peek?.(),
    available: () => queue.available(),
    hasSynced: () => queue.hasSynced(),
    resync: () => queue.resync(),
    get length() {
      return queue.length;
    },
    get closed() {
      return queue.closed;
    },
    close: () => queue.close(),
  };
}
