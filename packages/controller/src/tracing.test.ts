import { type Secret, configMaps, secrets } from '@client-ts/api/core/v1';
import { newControllerRef } from '@client-ts/apimachinery';
import { RestClient } from '@client-ts/rest';
import { trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { Loop } from './loop.test.kit.js';
import { owned } from './owned.js';
import { ReadYourWrites } from './read-your-writes.js';
import type { Span, SpanContext, SpanOptions, TraceApi } from './tracing.js';

interface Recorded extends SpanOptions {
  readonly name: string;
  readonly id: string;
  readonly events: string[];
}

/** Records spans; the active one is that whose work has begun last, and has not ended. */
class Spans implements TraceApi {
  readonly all: Recorded[] = [];
  readonly #active: Span[] = [];

  getTracer(): ReturnType<TraceApi['getTracer']> {
    return {
      startActiveSpan: (name, options, work) => {
        const recorded: Recorded = { name, id: String(this.all.length), events: [], ...options };
        this.all.push(recorded);
        const span: Span = {
          spanContext: (): SpanContext => ({ traceId: 't', spanId: recorded.id, traceFlags: 1 }),
          setAttribute: () => {},
          recordException: ({ message }) => recorded.events.push(`exception ${message}`),
          setStatus: ({ code, message }) => recorded.events.push(`status ${code} ${message}`),
          end: () => {
            this.#active.splice(this.#active.indexOf(span), 1);
            recorded.events.push('end');
          },
        };
        this.#active.push(span);
        return work(span) as ReturnType<typeof work>;
      },
    };
  }

  getActiveSpan(): Span | undefined {
    return this.#active.at(-1);
  }
}

test('a reconcile that comes of a write is linked with the one that wrote', async () => {
  const spans = new Spans();
  await using loop = new Loop();
  const client = new RestClient(loop.server.config(), loop.clock);
  const children = new ReadYourWrites<Secret, ReturnType<typeof client.resource<Secret>>>(
    loop.factory.informer(secrets),
    (namespace) => client.resource(secrets, namespace),
    { tracing: spans },
  );
  await loop.run({
    tracing: spans,
    sources: [owned(children, configMaps)],
    reconcile: async ({ namespace, key, name }, { object }) => {
      if (!object || children.indexer.getByKey(key)) return;
      const ownerReferences = [newControllerRef(object, configMaps)];
      await children.client(namespace).create({ metadata: { name, ownerReferences } });
    },
  });
  await loop.create('a');
  const told = spans.all.map(({ name, root, attributes, links, events }) => ({
    name,
    root,
    reasons: attributes?.['client_ts.reasons'],
    links: links?.map(({ context }) => context.spanId),
    events,
  }));
  expect(told).toEqual([
    { name: 'reconcile test', root: true, reasons: ['configmaps add default/a'], links: [], events: ['end'] },
    { name: 'reconcile test', root: true, reasons: ['secrets add default/a'], links: ['0'], events: ['end'] },
  ]);
  expect(spans.all[0]?.attributes).toMatchObject({
    'client_ts.controller': 'test',
    'client_ts.key': 'default/a',
    'k8s.namespace.name': 'default',
  });
});

test('what a reconcile throws is in its span, and comes of it what would without', async () => {
  const spans = new Spans();
  await using loop = new Loop();
  await loop.run({
    tracing: spans,
    reconcile: () => {
      throw new Error('not yet');
    },
  });
  await loop.create('a');
  expect(spans.all.map(({ events }) => events)).toEqual([['exception not yet', 'status 2 not yet', 'end']]);
  expect(loop.errors).toEqual(['test: could not reconcile "default/a": not yet']);
});

test('OpenTelemetry’s own API is one', async () => {
  const tracing: TraceApi = trace;
  await using loop = new Loop();
  const seen: string[] = [];
  await loop.run({ tracing, reconcile: ({ name }) => void seen.push(name) });
  await loop.create('a');
  expect([seen, loop.errors]).toEqual([['a'], []]);
});
