import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { attach } from './attach.js';
import { ExecServer } from './exec-server.test.kit.js';

const Where = { namespace: 'default', pod: 'web', container: 'main' };

test('attaches, and knows when the process has ended', async () => {
  const server = new ExecServer();
  await using attachment = await attach(server.config, { ...Where, stdin: 'in' });
  expect(server.requests[0]?.url.pathname).toBe('/api/v1/namespaces/default/pods/web/attach');
  expect(server.requests[0]?.url.search).toBe('?container=main&stdin=true&stdout=true&stderr=true&tty=false');
  server.connection.say(1, 'out');
  server.connection.exit(0);
  expect(await text(attachment.stdout)).toBe('out');
  expect(await attachment.ended).toBeUndefined();
});

test('fails as the server says', async () => {
  const server = new ExecServer();
  await using attachment = await attach(server.config, Where);
  server.connection.say(3, '{"status":"Failure","reason":"InternalError","message":"container is gone"}');
  await expect(attachment.ended).rejects.toMatchObject({ name: 'StatusError', message: 'container is gone' });
});
