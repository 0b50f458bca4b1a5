import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Pod, pods } from '@client-ts/api/core/v1';
import type { BookmarkObject } from '@client-ts/apimachinery';
import type { Clientset } from '@client-ts/clientset';
import type { SharedInformerFactory } from '@client-ts/informers';
import { expect, expectTypeOf, test } from 'vitest';

const packages = path.resolve(import.meta.dirname, '../../packages');

/** Editors have nothing to propose behind an `any`, and a wrong field behind it is no mistake. */
test.each(['api', 'clientset'])('no generated type of %s is any', (name) => {
  const folder = path.join(packages, name, 'src', 'gen');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const found = files.filter((file) => {
    const source = readFileSync(path.join(folder, file), 'utf8');
    return /\bany\b/.test(source.replaceAll(/\/\*.*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'/gs, ''));
  });
  expect(found).toEqual([]);
  expect(files.length).toBeGreaterThan(20);
});

test('an object keeps its type on every way from the server', () => {
  type PodClient = ReturnType<ReturnType<Clientset['coreV1']>['pods']>;
  type Item<I> = I extends AsyncIterable<infer T> ? T : never;
  expectTypeOf<Item<ReturnType<PodClient['listItems']>>>().toEqualTypeOf<Pod>();
  expectTypeOf<Item<ReturnType<PodClient['watch']>>['object']>().toEqualTypeOf<Pod | BookmarkObject>();

  const handled = (factory: SharedInformerFactory): unknown => {
    const informer = factory.informer(pods);
    expectTypeOf(informer.indexer.getByKey('a')).not.toBeAny();
    expectTypeOf(informer.indexer.getByKey('a')?.spec?.nodeName).toEqualTypeOf<string | undefined>();
    return informer.addEventHandler({
      onAdd: (pod) => {
        expectTypeOf(pod).not.toBeAny();
        expectTypeOf(pod.status?.phase).toEqualTypeOf<NonNullable<Pod['status']>['phase']>();
        // @ts-expect-error -- a typing mistake
        return pod.spec?.nodename;
      },
    });
  };
  expect(handled).toBeTypeOf('function');
});
