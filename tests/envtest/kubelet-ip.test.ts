import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeKubelet } from './describe-kubelet.js';

/** A network in which servers may listen on an address that is not loopback, and still nobody else reaches them. */
const Network = 'ip link set lo up && ip address add 10.77.0.1/32 dev lo && exec "$0" "$@"';

/** Starts a Pod, and asks for it by the proxies of kube-apiserver. */
const Script = `
import { text } from 'node:stream/consumers';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import { restClientFor } from '@client-ts/rest';

const server = "require('node:http').createServer(({ url }, response) => response.end(url)).listen(8080)";
const environment = await Environment.start({ kubelet: { ip: '10.77.0.1' } });
const pods = new Clientset(environment.config).coreV1().pods('default');
await pods.create({
  metadata: { name: 'web' },
  spec: {
    nodeName: 'node-1',
    hostNetwork: true,
    containers: [{
      name: 'main',
      image: 'none',
      command: [process.execPath, '--eval', server],
      readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 1 },
    }],
  },
});
for await (const { object } of pods.watch({ fieldSelector: 'metadata.name=web' })) {
  if (object.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True')) break;
}
for (const target of ['namespaces/default/pods/web:8080/proxy/hello', 'nodes/node-1/proxy/healthz']) {
  const response = await restClientFor(environment.config).send({ method: 'GET', target: '/api/v1/' + target });
  console.log(await text(response.body));
}
await environment[Symbol.asyncDispose]();
`;

describeKubelet('a Node with an address that is not loopback', () => {
  test('is reached by kube-apiserver’s proxies, and so are its Pods with hostNetwork', async () => {
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '--eval', Script];
    const options = { cwd: import.meta.dirname };
    const { stdout } = await promisify(execFile)('unshare', ['--net', 'sh', '-c', Network, ...node], options);
    expect(stdout).toBe('/hello\nok\n');
  });
});
