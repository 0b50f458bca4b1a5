import type { Scale } from '@client-ts/api/autoscaling/v1';
import { parseGroupVersion } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromNewest, toNewest } from './scale-versions.js';
import { isUnknownScaleKind } from './unknown-scale-kind-error.js';

const newest = { apiVersion: 'autoscaling/v1', kind: 'Scale' } as const;
const kindIn = (apiVersion: string, kind = 'Scale') => ({ ...parseGroupVersion(apiVersion), kind });
const metadata = { name: 'web', resourceVersion: '7' };
const spec = { replicas: 3 };

describe.each(['extensions/v1beta1', 'apps/v1beta1', 'apps/v1beta2'])('%s', (apiVersion) => {
  const old = { apiVersion, kind: 'Scale', metadata, spec };

  test.each<[string, object | undefined, object | undefined]>([
    ['no status', undefined, undefined],
    ['no selector', { replicas: 2 }, { replicas: 2 }],
    ['labels', { replicas: 2, selector: { b: '2', a: '1' } }, { replicas: 2, selector: 'a=1,b=2' }],
    ['a selector', { replicas: 2, targetSelector: 'a in (1,2)' }, { replicas: 2, selector: 'a in (1,2)' }],
    ['both', { replicas: 2, selector: { a: '1' }, targetSelector: 'a=1' }, { replicas: 2, selector: 'a=1' }],
    ['what is not known', { replicas: 2, ready: 1, targetSelector: '' }, { replicas: 2, ready: 1 }],
  ])('read: %s', (_, status, read) => {
    const answer = status ? { ...old, status } : old;
    const expected = { ...newest, metadata, spec };
    expect(toNewest(answer)).toEqual(read ? { ...expected, status: read } : expected);
  });

  test.each<[string, Scale['status'], object | undefined]>([
    ['no status', undefined, undefined],
    ['no selector', { replicas: 2 }, { replicas: 2 }],
    [
      'labels',
      { replicas: 2, selector: 'b=2,a==1' },
      { replicas: 2, selector: { a: '1', b: '2' }, targetSelector: 'b=2,a==1' },
    ],
    ['more than labels', { replicas: 2, selector: 'a=1,!b' }, { replicas: 2, targetSelector: 'a=1,!b' }],
    [
      'a label that is a trap',
      { replicas: 2, selector: 'constructor=1' },
      { replicas: 2, selector: { constructor: '1' }, targetSelector: 'constructor=1' },
    ],
  ])('written: %s', (_, status, written) => {
    const scale: Scale = status ? { metadata, spec, status } : { metadata, spec };
    expect(fromNewest(scale, kindIn(apiVersion))).toEqual(written ? { ...old, status: written } : old);
  });

  test('what is written and read again is the same', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/);
    const term = fc.oneof(
      fc.tuple(word, word).map(([key, value]) => `${key}=${value}`),
      fc.tuple(word, word, word).map(([key, a, b]) => `${key} in (${a},${b})`),
      word.map((key) => `!${key}`),
    );
    const selectors = fc.array(term, { minLength: 1, maxLength: 4 }).map((terms) => terms.join(','));
    fc.assert(
      fc.property(fc.nat(), selectors, (replicas, selector) => {
        const scale: Scale = { ...newest, metadata, spec: { replicas }, status: { replicas, selector } };
        expect(toNewest(fromNewest(scale, kindIn(apiVersion)))).toEqual(scale);
      }),
    );
  });
});

test('autoscaling/v1 is as it is, with what is newer than these types', () => {
  const scale = { ...newest, metadata, spec: { ...spec, new: 1 }, status: { replicas: 1, selector: 'not a selector' } };
  expect(toNewest(scale)).toBe(scale);
  expect(fromNewest(scale, kindIn('autoscaling/v1'))).toEqual(scale);
  expect(fromNewest({ spec }, kindIn('autoscaling/v1'))).toEqual({ ...newest, spec });
});

test.each([
  [{ apiVersion: 'autoscaling/v2', kind: 'Scale' }, '"Scale" of "autoscaling/v2"'],
  [{ apiVersion: 'autoscaling/v1', kind: 'Deployment' }, '"Deployment" of "autoscaling/v1"'],
  [{ apiVersion: 'apps/v1beta2', kind: 'a\u001bb' }, '"a\\u001bb" of "apps/v1beta2"'],
  [{}, '"" of ""'],
])('%o is refused, read or written', (type: { apiVersion?: string; kind?: string }, text) => {
  for (const convert of [
    () => toNewest(type),
    () => fromNewest({ spec }, kindIn(type.apiVersion ?? '', type.kind ?? '')),
  ]) {
    let error: unknown;
    try {
      convert();
    } catch (thrown) {
      error = thrown;
    }
    expect(isUnknownScaleKind(error)).toBe(true);
    expect((error as Error).message).toBe(
      `kind ${text} is not known: expected "Scale" of autoscaling/v1, apps/v1beta2, apps/v1beta1, extensions/v1beta1`,
    );
  }
});
