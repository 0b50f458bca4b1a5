import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeKubelet } from '../envtest/describe-kubelet.js';

/** A network in which servers may listen on an address that is not loopback, and still nobody else reaches them. */
const Network = 'ip link set lo up && ip address add 10.77.0.1/32 dev lo && exec "$0" "$@"';

describeKubelet('the proxies of kube-apiserver', () => {
  test('reach a Pod, a Service and a Node, and say what is in the way', async ({ signal }) => {
    const node = [process.execPath, '--import', 'tsx', 'proxied.ts'];
    const options = { cwd: import.meta.dirname, signal };
    const { stdout } = await promisify(execFile)('unshare', ['--net', 'sh', '-c', Network, ...node], options);
    expect(JSON.parse(stdout)).toEqual([
      'GET /a/..%252f..%252fb%20c%3Fd?q=1&q=2  ',
      'POST /trailing/ head hello',
      'GET /by-name  ',
      'GET /by-number  ',
      'ok',
      '302 redirected to "/api/v1/namespaces/default/pods/web:8080/proxy/there"',
      '503 the server is currently unable to handle the request',
      '503 no endpoints available for service "empty"',
      '503 error trying to reach service: dial tcp 10.77.0.1:8081: connect: connection refused',
      'begun, done',
    ]);
  });
});
