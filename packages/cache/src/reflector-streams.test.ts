import {
  abortable,
  type ItemStream,
  type KubernetesList,
  type KubernetesObject,
  type ListOptions,
  sleep,
} from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { named, run, type RunOptions, type Running } from './reflector.test.kit.js';
import { FakeSource } from './testing/fake-source.js';

/** One answer: items, each after a while, and then an end, if there is one. */
interface Page {
  readonly items: readonly KubernetesObject[];
  readonly end: { readonly continue?: string } | Error | 'silence';
  readonly everyMs?: number;
}

interface Streaming {
  readonly running: Running;
  /** What was asked for, and when. */
  readonly asked: ListOptions[];
  readonly askedMs: number[];
}

/** Streams its pages, one for each request, whatever is asked for. */
function streaming(pages: Page[], runOptions: RunOptions = {}): Streaming {
  const source = new FakeSource();
  source.set(named('watched'));
  const asked: ListOptions[] = [];
  const askedMs: number[] = [];
  const listItems = (options: ListOptions = {}): ItemStream<KubernetesObject> => {
    asked.push(options);
    const { items, end, everyMs = 0 } = pages.shift()!;
    let list: KubernetesList<never> | undefined;
    return {
      get list() {
        return list;
      },
      async *[Symbol.asyncIterator]() {
        await Promise.resolve();
        askedMs.push(running.clock.now());
        for (const item of items) {
          await (everyMs > 0 ? sleep(running.clock, everyMs, options.signal) : Promise.resolve());
          yield item;
        }
        if (end === 'silence') return abortable(new Promise<never>(() => undefined), options.signal);
        if (end instanceof Error) throw end;
        list = { metadata: { resourceVersion: '2', ...end }, items: [] };
      },
      async [Symbol.asyncDispose]() {},
    };
  };
  const through = (inner: FakeSource): FakeSource & { listItems: typeof listItems } =>
    Object.assign(inner, { listItems });
  const running = run({ ...runOptions, source, through });
  return { running, asked, askedMs };
}

const [a, b, c] = [named('a', '1'), named('b', '1'), named('c', '1')];

describe('a source that streams its lists', () => {
  test('is asked for nothing else', async () => {
    const { running } = streaming([{ items: [a, b], end: {} }]);
    await settle();
    expect(running.requests()).toEqual(['items "0"', 'watch "2"']);
    expect(running.store.calls).toEqual(['replace [a, b] at 2']);
  });

  test('is read page by page; the store is given one list', async () => {
    const { running, asked } = streaming([
      { items: [a], end: { continue: 'x' } },
      { items: [b, {}, c], end: {} },
    ]);
    await settle();
    expect(asked.map((options) => [options.resourceVersion, options.continue])).toEqual([
      ['0', undefined],
      [undefined, 'x'],
    ]);
    expect(running.store.calls).toEqual(['replace [a, b, c] at 2']);
    expect(running.errors).toMatchObject([{ stage: 'object' }]);
  });

  test('whose stream breaks off has given nothing, and is asked again', async () => {
    const { running } = streaming([
      { items: [a, b], end: new Error('reset') },
      { items: [c], end: {} },
    ]);
    await settle();
    expect(running.store.calls).toEqual([]);
    await running.clock.advance(1600);
    expect(running.requests()).toEqual(['items "0"', 'items "0"', 'watch "2"']);
    expect(running.store.calls).toEqual(['replace [c] at 2']);
    expect(running.errors).toMatchObject([{ stage: 'list', cause: { message: 'reset' } }]);
  });

  test('whose next page has expired is read from the beginning; what had come does not count', async () => {
    const { running, asked } = streaming([
      { items: [a], end: { continue: 'x' } },
      { items: [b], end: newResourceExpired('x') },
      { items: [c], end: {} },
    ]);
    await settle();
    expect(asked.map((options) => [options.limit, options.continue])).toEqual([
      [500, undefined],
      [500, 'x'],
      [0, undefined],
    ]);
    expect(running.store.calls).toEqual(['replace [c] at 2']);
    expect(running.errors).toEqual([]);
  });
});

describe('a list that is silent', () => {
  const MinuteMs = 60_000;
  const nothing: Page = { items: [], end: 'silence' };
  const whole: Page = { items: [a], end: {} };

  test.each<[string, Page]>([
    ['from the beginning', nothing],
    ['after some items', { items: [a, b], end: 'silence' }],
  ])('%s is given up after 75 seconds, and asked for again', async (_, page) => {
    const { running } = streaming([page, whole]);
    const { clock, requests, errors, store } = running;
    await clock.advance(74_999);
    expect(requests()).toEqual(['items "0"']);
    await clock.advance(1 + 1600);
    expect(requests()).toEqual(['items "0"', 'watch "2"']);
    expect(errors).toMatchObject([{ stage: 'list', cause: { name: 'ListTimeoutError' } }]);
    expect(store.calls).toEqual(['replace [a] at 2']);
  });

  test('for less than that, again and again, may take as long as it likes', async () => {
    const items = Array.from({ length: 20 }, (_, i) => named(`o${i}`, '1'));
    const { running } = streaming([{ items, end: {}, everyMs: MinuteMs }]);
    await running.clock.advance(20 * MinuteMs);
    expect(running.requests()).toEqual(['items "0"', 'watch "2"']);
    expect(running.store.objects.size).toBe(20);
  });

  test('is waited for longer each time, up to five minutes, until one is answered', async () => {
    const pages = [nothing, nothing, nothing, nothing, whole, nothing, whole];
    const { running, askedMs } = streaming(pages, { backoff: { durationMs: 1000 } });
    const { clock, source } = running;
    for (let i = 0; i < 14; i++) await clock.advance(MinuteMs);
    source.closeWatches(newResourceExpired('x'));
    for (let i = 0; i < 2; i++) await clock.advance(MinuteMs);
    const waits = askedMs.slice(1).map((ms, n) => ms - (askedMs[n] ?? 0) - 1000);
    expect([...waits.slice(0, 4), ...waits.slice(5)]).toEqual([75_000, 150_000, 300_000, 300_000, 75_000]);
  });
});
