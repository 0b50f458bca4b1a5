import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig, loadKubeconfig, type LoadOptions } from '@client-ts/clientcmd';
import { Environment } from '@client-ts/envtest';
import { restClientFor } from '@client-ts/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { toBase64 } from './ask-version.js';
import { type OidcIssuer, startOidcIssuer } from './oidc-issuer.js';

const Plugin = fileURLToPath(new URL('../../packages/auth/src/testdata/plugin.mjs', import.meta.url));
const apiVersion = 'client.authentication.k8s.io/v1';

/** Whom the server takes somebody for. */
interface Review {
  readonly status: { readonly userInfo: { readonly username: string; readonly groups?: readonly string[] } };
}

describeReal(
  'kube-apiserver accepts the credentials of a kubeconfig',
  ['etcd', 'kubeApiserver', 'kubectl'],
  ({ kubectl }) => {
    let directory: string;
    let issuer: OidcIssuer;
    let environment: Environment;
    let jane: { readonly cert: string; readonly key: string };
    let token: string;
    const at = (name: string): string => path.join(directory, name);
    beforeAll(async () => {
      directory = await mkdtemp(path.join(tmpdir(), 'real-server-'));
      issuer = await startOidcIssuer();
      await writeFile(at('issuer.pem'), issuer.ca);
      environment = await Environment.start({
        apiServerFlags: [
          `--oidc-issuer-url=${issuer.url}`,
          '--oidc-client-id=kubernetes',
          '--oidc-username-prefix=oidc:',
          `--oidc-ca-file=${at('issuer.pem')}`,
        ],
      });
      const { cert = '', key = '' } = (await environment.addUser({ name: 'jane', groups: ['dev'] })).tls ?? {};
      jane = { cert, key };
      await writeFile(at('jane.crt'), cert);
      await writeFile(at('jane.key'), key);
      token = await serviceAccountToken();
      await writeFile(at('token'), token);
    });
    afterAll(async () => {
      await environment?.[Symbol.asyncDispose]();
      await issuer?.[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    });

    async function serviceAccountToken(): Promise<string> {
      const client = restClientFor(environment.config);
      const accounts = '/api/v1/namespaces/default/serviceaccounts';
      await client.json({ method: 'POST', target: accounts, body: { metadata: { name: 'robot' } } });
      const answer = await client.json<{ status: { token: string } }>({
        method: 'POST',
        target: `${accounts}/robot/token`,
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
      });
      return answer.status.token;
    }

    /** Asks the server who a user of a kubeconfig is. */
    async function whoIs(user: object, name: string): Promise<Review['status']['userInfo']> {
      const { host, tls } = environment.config;
      const cluster = { server: host, 'certificate-authority-data': toBase64(tls?.ca ?? '') };
      const kubeconfig = at(`${name}.config`);
      await writeFile(
        kubeconfig,
        JSON.stringify({
          'current-context': 'c',
          clusters: [{ name: 'c', cluster }],
          users: [{ name: 'c', user }],
          contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
        }),
      );
      return review({ kubeconfig });
    }

    async function review(options: LoadOptions): Promise<Review['status']['userInfo']> {
      const config = await loadConfig(options);
      await using _transport = config.transport;
      const { status } = await restClientFor(config).json<Review>({
        method: 'POST',
        target: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      });
      return status.userInfo;
    }

    const plugin = (status: object): object => {
      const printed = JSON.stringify({ kind: 'ExecCredential', apiVersion, status });
      return { command: process.execPath, args: [Plugin, `print=${printed}`], apiVersion, interactiveMode: 'Never' };
    };

    const robot = 'system:serviceaccount:default:robot';

    test.each<[string, () => object, string]>([
      ['token', () => ({ token }), robot],
      ['token file', () => ({ tokenFile: 'token' }), robot],
      [
        'certificate',
        () => ({ 'client-certificate-data': toBase64(jane.cert), 'client-key-data': toBase64(jane.key) }),
        'jane',
      ],
      ['certificate files', () => ({ 'client-certificate': 'jane.crt', 'client-key': 'jane.key' }), 'jane'],
      ['token of a plugin', () => ({ exec: plugin({ token }) }), robot],
      [
        'certificate of a plugin',
        () => ({ exec: plugin({ clientCertificateData: jane.cert, clientKeyData: jane.key }) }),
        'jane',
      ],
    ])('a %s', async (name, user, expected) => {
      expect((await whoIs(user(), name)).username).toBe(expected);
    });

    test('an ID token, once it has been refreshed', async () => {
      const config = {
        'idp-issuer-url': issuer.url,
        'client-id': 'kubernetes',
        'idp-certificate-authority': 'issuer.pem',
        'id-token': issuer.idToken({ sub: 'jane', expiresInSeconds: -1 }),
        'refresh-token': issuer.refreshToken,
      };
      const { username } = await whoIs({ 'auth-provider': { name: 'oidc', config } }, 'oidc');
      expect(username).toBe('oidc:jane');
      const { users } = await loadKubeconfig({ kubeconfig: at('oidc.config') });
      expect(users.get('c')?.value['auth-provider']?.config?.['refresh-token']).toBe(issuer.refreshToken);
    });

    test('somebody who acts as somebody else', async () => {
      const { tls } = environment.config;
      const admin = {
        'client-certificate-data': toBase64(tls?.cert ?? ''),
        'client-key-data': toBase64(tls?.key ?? ''),
      };
      const userInfo = await whoIs(
        {
          ...admin,
          as: 'bob',
          'as-uid': '7',
          'as-groups': ['dev'],
          'as-user-extra': { 'example.com/Scope': ['a', 'b'] },
        },
        'acting',
      );
      expect(userInfo).toMatchObject({ username: 'bob', uid: '7', extra: { 'example.com/scope': ['a', 'b'] } });
      expect(userInfo.groups).toContain('dev');
    });

    test('the service account of a pod', async () => {
      const { host, tls } = environment.config;
      const { hostname, port } = new URL(host);
      await writeFile(at('ca.crt'), tls?.ca ?? '');
      const env = { HOME: directory, KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
      expect((await review({ env, serviceAccountDirectory: directory })).username).toBe(robot);
    });

    test('whoever kubectl proxy vouches for, without TLS', async () => {
      const proxy = spawn(kubectl, ['proxy', '--port=0', `--kubeconfig=${environment.kubeconfig}`], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      try {
        const [line] = (await once(proxy.stdout, 'data')) as [Buffer];
        const [address = ''] = /127\.0\.0\.1:\d+/.exec(line.toString()) ?? [];
        // Without a scheme, as kubectl proxy tells it.
        const { username } = await review({ env: { HOME: directory }, clusterInfo: { server: address } });
        expect(username).toBe((await review({ kubeconfig: environment.kubeconfig })).username);
      } finally {
        proxy.kill();
        await once(proxy, 'exit');
      }
    });

    test('not a token that it does not know', async () => {
      await expect(whoIs({ token: 'unknown' }, 'unknown')).rejects.toMatchObject({ code: 401 });
    });
  },
);
