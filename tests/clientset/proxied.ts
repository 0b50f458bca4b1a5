/** Asks servers in a cluster by the proxies of kube-apiserver, and says what came; to be run in a network of its own: `proxy.test.ts`. */
import { text } from 'node:stream/consumers';
import { Clientset, type ProxyRequest } from '@client-ts/clientset';
import { isStatusError } from '@client-ts/apimachinery/errors';
import { Environment } from '@client-ts/envtest';

const ip = '10.77.0.1';

/** Says back what it was asked; `/wait` ends when `/go` is asked for. */
const Server = `
let waiting;
require('node:http').createServer((request, response) => {
  const { method, url, headers } = request;
  if (url === '/away') return response.writeHead(302, { location: '/there' }).end();
  if (url === '/busy') return response.writeHead(503, { 'content-type': 'text/plain' }).end('too much to do');
  if (url === '/wait') { waiting = response; return response.write('begun, '); }
  if (url === '/go') waiting.end('done');
  let body = '';
  request.on('data', (chunk) => { body += chunk; });
  request.on('end', () => response.end([method, url, headers['x-test'] ?? '', body].join(' ')));
}).listen(8080, '${ip}');
`;

await using environment = await Environment.start({ kubelet: { ip } });
const core = new Clientset(environment.config).coreV1();
const [pods, services, nodes] = [core.pods('default'), core.services('default'), core.nodes()];
const command = [process.execPath, '--eval', Server];
const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1 };
const containers = [{ name: 'main', image: 'none', command, readinessProbe }];
await pods.create({ metadata: { name: 'web' }, spec: { nodeName: 'node-1', hostNetwork: true, containers } });
for await (const { type, object } of pods.watch({ fieldSelector: 'metadata.name=web' })) {
  if (type === 'BOOKMARK') continue;
  if (object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) break;
}
for (const name of ['web', 'empty']) {
  await services.create({ metadata: { name }, spec: { ports: [{ name: 'http', port: 80, targetPort: 8080 }] } });
}
// What a controller would do, for a service with a selector.
const metadata = { name: 'web', labels: { 'kubernetes.io/service-name': 'web' } };
const targetRef = { kind: 'Pod', namespace: 'default', name: 'web' };
await new Clientset(environment.config)
  .discoveryV1()
  .endpointSlices('default')
  .create({
    metadata,
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080 }],
    endpoints: [{ addresses: [ip], conditions: { ready: true }, targetRef }],
  });

async function ask(of: { proxy: typeof pods.proxy }, name: string, request: ProxyRequest): Promise<string> {
  try {
    return await text((await of.proxy(name, request)).body);
  } catch (error) {
    if (!isStatusError(error)) throw error;
    return `${error.code} ${error.message}`;
  }
}

// kube-apiserver sees a little later where a service leads.
while ((await ask(services, 'web', { port: 'http' })).startsWith('503'));

const body = 'hello';
const headers = { 'x-test': 'head', 'content-type': 'text/plain' };
const answers = [
  await ask(pods, 'web', { port: 8080, path: 'a/..%2f..%2fb c?d', query: { q: ['1', '2'] } }),
  await ask(pods, 'web', { scheme: 'http', port: 8080, method: 'POST', path: '/trailing/', headers, body }),
  await ask(services, 'web', { port: 'http', path: 'by-name' }),
  await ask(services, 'web', { scheme: 'http', port: 80, path: 'by-number' }),
  await ask(nodes, 'node-1', { path: 'healthz' }),
  await ask(pods, 'web', { port: 8080, path: 'away' }),
  await ask(pods, 'web', { port: 8080, path: 'busy' }),
  await ask(services, 'empty', { port: 'http' }),
  await ask(pods, 'web', { port: 8081 }),
];

// An answer is there as soon as it has begun.
const answer = await pods.proxy('web', { port: 8080, path: 'wait' });
const parts: string[] = [];
for await (const chunk of answer.body) {
  if (parts.push(new TextDecoder().decode(chunk)) === 1) await ask(pods, 'web', { port: 8080, path: 'go' });
}
console.log(JSON.stringify([...answers, parts.join('')]));
