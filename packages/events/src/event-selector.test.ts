import { deployments } from '@client-ts/api/apps/v1';
import { events as coreEvents } from '@client-ts/api/core/v1';
import { events } from '@client-ts/api/events/v1';
import { describe, expect, test } from 'vitest';
import { eventSelector } from './event-selector.js';

const about = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'test-deployment', namespace: 'a', uid: '2c55cad7' };

describe('TestGetFieldSelector', () => {
  test.each([
    ['events.k8s.io/v1 event with empty parameters', events, {}, ''],
    [
      'events.k8s.io/v1 event with non-empty parameters',
      events,
      about,
      'regarding.apiVersion=apps/v1,regarding.kind=Deployment,regarding.name=test-deployment,regarding.uid=2c55cad7',
    ],
    ['v1 event with empty parameters', coreEvents, {}, ''],
    [
      'v1 event with non-empty parameters',
      coreEvents,
      about,
      'involvedObject.apiVersion=apps/v1,involvedObject.kind=Deployment,involvedObject.name=test-deployment,involvedObject.uid=2c55cad7',
    ],
    ['what would be taken for more', coreEvents, { name: 'a,b=c' }, 'involvedObject.name=a\\,b\\=c'],
  ])('%s', (_, resource, reference, expected) => {
    expect(eventSelector(resource, reference)).toBe(expected);
  });

  test('unknown group version', () => {
    const message = 'events: expected those of core/v1 or events.k8s.io/v1, got deployments.apps';
    expect(() => eventSelector(deployments, about)).toThrow(new RangeError(message));
  });
});
