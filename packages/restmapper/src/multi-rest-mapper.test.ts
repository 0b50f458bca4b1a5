import { describe, expect, test } from 'vitest';
import { DefaultRESTMapper } from './default-rest-mapper.js';
import { FirstHitRESTMapper } from './first-hit-rest-mapper.js';
import { apiResource, failing, outcome } from './mappers.test.kit.js';
import { isNoMatch, NoKindMatchError, NoResourceMatchError } from './mapping-errors.js';
import { MultiRESTMapper } from './multi-rest-mapper.js';
import type { RESTMapper } from './rest-mapper.js';

const mapperOf = (...texts: string[]): RESTMapper => new DefaultRESTMapper(texts.map((text) => apiResource(text)));
const pods = mapperOf('v1 pods Pod');
const boxes = mapperOf('a/v1 boxes Box');
const otherBoxes = mapperOf('a/v1 boxes Box', 'a/v2 boxes Box');
const lost = failing(new Error('lost'));
const none = failing(new NoResourceMatchError({ resource: 'x' }));

const box = { resource: 'box' };
const boxKind = { group: 'a', kind: 'Box' };

/** The answers to each question, of both kinds of mapper. */
async function answers(mapper: RESTMapper): Promise<unknown[]> {
  return Promise.all([
    outcome(mapper.resourcesFor(box)),
    outcome(mapper.resourceFor(box)),
    outcome(mapper.kindsFor(box)),
    outcome(mapper.kindFor(box)),
    outcome(mapper.restMappings(boxKind)),
    outcome(mapper.restMapping(boxKind)),
    outcome(mapper.resourceSingularizer('boxes')),
  ]);
}

const one = [['a/v1 boxes'], 'a/v1 boxes', ['a/v1 Box'], 'a/v1 Box', ['a/v1 boxes Box'], 'a/v1 boxes Box', 'box'];
const noResource = 'no matches for resource "box"';
const noKind = 'no matches for kind "Box" in group "a"';
const nothing = [noResource, noResource, noResource, noResource, noKind, noKind, 'no matches for resource "boxes"'];
const severalResources =
  'resource "box" matches 2: resource "boxes" in group "a" in version "v1", resource "boxes" in group "a" in version "v2"';
const severalKinds = 'matches 2: kind "Box" in version "a/v1", kind "Box" in version "a/v2"';
const resources = ['a/v1 boxes', 'a/v2 boxes'];
const kinds = ['a/v1 Box', 'a/v2 Box'];
const mappings = ['a/v1 boxes Box', 'a/v1 boxes Box', 'a/v2 boxes Box'];

describe('all of several', () => {
  test.each<[string, readonly RESTMapper[], unknown[]]>([
    ['no mapper', [], nothing],
    ['none that knows', [pods, none], nothing],
    ['one that knows', [pods, boxes, none], one],
    [
      'two that know the same',
      [boxes, boxes],
      [
        ...one.slice(0, 4),
        ['a/v1 boxes Box', 'a/v1 boxes Box'],
        expect.stringMatching(/^kind "Box" in group "a" matches 2/),
        'box',
      ],
    ],
    [
      'several answers',
      [boxes, otherBoxes],
      [resources, severalResources, kinds, `resource "box" ${severalKinds}`, mappings, expect.any(String), 'box'],
    ],
    ['one that fails', [boxes, lost], ['lost', 'lost', 'lost', 'lost', 'lost', 'a/v1 boxes Box', 'box']],
    ['only one that fails', [none, lost], ['lost', 'lost', 'lost', 'lost', 'lost', 'lost', 'lost']],
  ])('%s', async (_, mappers, expected) => {
    expect(await answers(new MultiRESTMapper(mappers))).toEqual(expected);
  });
});

describe('the first of several', () => {
  test.each<[string, readonly RESTMapper[], unknown[]]>([
    ['no mapper', [], nothing],
    ['none that knows', [pods, none], nothing],
    [
      'the first that knows',
      [pods, boxes, otherBoxes],
      [resources, 'a/v1 boxes', kinds, 'a/v1 Box', mappings, 'a/v1 boxes Box', 'box'],
    ],
    [
      'one after another that fails',
      [lost, boxes],
      ['lost', 'a/v1 boxes', 'lost', 'a/v1 Box', 'lost', 'a/v1 boxes Box', 'box'],
    ],
    [
      'only some that fail',
      [lost, none, lost],
      [
        'lost',
        'Error: lost; Error: lost',
        'lost',
        'Error: lost; Error: lost',
        'lost',
        'Error: lost; Error: lost',
        'Error: lost; Error: lost',
      ],
    ],
  ])('%s', async (_, mappers, expected) => {
    expect(await answers(new FirstHitRESTMapper(mappers))).toEqual(expected);
  });
});

test('that nothing is known names what was asked, with its versions', async () => {
  for (const mapper of [new MultiRESTMapper([pods]), new FirstHitRESTMapper([pods])]) {
    const error: unknown = await mapper.restMapping(boxKind, { versions: ['v1'] }).catch((reason: unknown) => reason);
    expect(error).toEqual(new NoKindMatchError(boxKind, ['v1']));
    expect(isNoMatch(error)).toBe(true);
  }
});
