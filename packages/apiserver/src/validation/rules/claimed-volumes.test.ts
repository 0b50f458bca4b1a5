import { expect, test } from 'vitest';
import { testServer } from '../../request.test.kit.js';

test.each([
  ['data', 201],
  ['other', 422],
])('a stateful set whose pods mount %s', async (name, status) => {
  const { send } = testServer();
  const containers = [{ name: 'c', image: 'i', volumeMounts: [{ name, mountPath: '/x' }] }];
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  const spec = {
    serviceName: 's',
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers } },
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
  };
  const answer = await send('POST', '/apis/apps/v1/namespaces/default/statefulsets', {
    body: { metadata: { name: 'a' }, spec },
  });
  expect(answer.status).toBe(status);
  expect(answer.text).not.toContain('"volumes"');
});
