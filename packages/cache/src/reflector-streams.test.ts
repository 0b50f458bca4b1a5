import type { ItemStream, KubernetesList, KubernetesObject, ListOptions } from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { named, run, type Running } from './reflector.test.kit.js';
import { FakeSource } from './testing/fake-source.js';

/** One answer: items, and then an end. */
interface Page {
  readonly items: readonly KubernetesObject[];
  readonly end: { readonly continue?: string } | Error;
}

/** Streams its pages, one for each request, whatever is asked for. */
function streaming(pages: Page[]): { readonly running: Running; readonly asked: ListOptions[] } {
  const source = new FakeSource();
  source.set(named('watched'));
  const asked: ListOptions[] = [];
  const listItems = (options: ListOptions = {}): ItemStream<KubernetesObject> => {
    asked.push(options);
    const { items, end } = pages.shift()!;
    let list: KubernetesList<never> | undefined;
    return {
      get list() {
        return list;
      },
      async *[Symbol.asyncIterator]() {
        for (const item of items) {
          await Promise.resolve();
          yield item;
        }
        if (end instanceof Error) throw end;
        list = { metadata: { resourceVersion: '2', ...end }, items: [] };
      },
      async [Symbol.asyncDispose]() {},
    };
  };
  const through = (inner: FakeSource): FakeSource & { listItems: typeof listItems } =>
    Object.assign(inner, { listItems });
  return { running: run({ source, through }), asked };
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
