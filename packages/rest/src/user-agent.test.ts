import { afterEach, expect, test, vi } from 'vitest';
import { RestClient } from './rest-client.js';
import { Script } from './script.test.kit.js';
import { defaultUserAgent, withUserAgent } from './user-agent.js';

afterEach(() => vi.unstubAllGlobals());

test.each([
  ['/srv/app/controller.js', 'controller/unknown (linux/x64) client-ts'],
  ['C:\\app\\my controller\u001b.mts', 'my_controller_/unknown (linux/x64) client-ts'],
  ['/usr/bin/kubectl-lite', 'kubectl-lite/unknown (linux/x64) client-ts'],
  ['/srv/.js', '.js/unknown (linux/x64) client-ts'],
  ['/srv/app/', 'client-ts'],
  [undefined, 'client-ts'],
])('the program %j calls itself %j', (program, expected) => {
  vi.stubGlobal('process', { argv: ['node', program], platform: 'linux', arch: 'x64' });
  expect(defaultUserAgent()).toBe(expected);
});

test.each([{}, undefined])('a runtime whose process is %j has no program', (process) => {
  vi.stubGlobal('process', process);
  expect(defaultUserAgent()).toBe('client-ts');
});

test('a part of a program adds its name to what is sent', async () => {
  const transport = new Script({ body: '{}' });
  const config = { host: 'https://server', transport };
  await new RestClient(config).json({ method: 'GET', target: '/' });
  await new RestClient(withUserAgent(config, 'part')).json({ method: 'GET', target: '/' });
  await new RestClient(withUserAgent({ ...config, userAgent: 'mine' }, 'part')).json({ method: 'GET', target: '/' });
  const agents = transport.requests.map(({ headers }) => headers['user-agent']);
  expect(agents).toEqual([defaultUserAgent(), `${defaultUserAgent()}/part`, 'mine/part']);
});
