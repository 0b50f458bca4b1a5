import { expect, test } from 'vitest';
import { parseKubeconfig } from './parse-kubeconfig.js';
import { validateKubeconfig } from './validate-kubeconfig.js';

const validate = async (text: string): Promise<string[]> => validateKubeconfig(await parseKubeconfig(text, '/f'));

const Good = `
current-context: a
clusters: [{ name: c, cluster: { server: "https://one" } }]
users: [{ name: u, user: { token: t } }]
contexts: [{ name: a, context: { cluster: c, user: u, namespace: web } }]
`;

test('nothing is wrong with a good one', async () => {
  expect(await validate(Good)).toEqual([]);
});

test('all problems of all entries are found, each with its place', async () => {
  const problems = await validate(`
current-context: gone
clusters:
- { name: no-server, cluster: { proxy-url: "x" } }
- { name: two-ca, cluster: { server: "https://a", certificate-authority: absent, certificate-authority-data: QUI= } }
- { name: trusting, cluster: { server: "https://a", certificate-authority: absent, insecure-skip-tls-verify: true } }
users:
- { name: halves, user: { client-certificate: absent } }
- { name: both, user: { token: t, username: u, as-groups: [g] } }
- { name: plugin, user: { exec: { env: [{ value: x }] }, auth-provider: { name: gcp } } }
contexts:
- { name: "", context: {} }
- { name: dangling, context: { cluster: x, user: nobody, namespace: A_B } }
`);
  expect(problems).toEqual([
    '/f: current-context: context "gone" does not exist; there are: "", "dangling"',
    '/f: context "": name: a context needs a name',
    '/f: context "": user: the context names no user',
    '/f: context "": cluster: the context names no cluster',
    '/f: context "dangling": user: user "nobody" does not exist; there are: "halves", "both", "plugin"',
    '/f: context "dangling": cluster: cluster "x" does not exist; there are: "no-server", "two-ca", "trusting"',
    expect.stringContaining('/f: context "dangling": namespace: a lowercase RFC 1123 label'),
    '/f: user "halves": client-certificate: /absent: no such file',
    '/f: user "halves": client-certificate needs a client-key',
    '/f: user "both": a token, and username or password, exclude each other',
    '/f: user "both": as-uid, as-groups and as-user-extra need as: the name of a user',
    '/f: user "plugin": exec and auth-provider exclude each other',
    '/f: user "plugin": exec.command: expected the name or the path of a program',
    expect.stringContaining('/f: user "plugin": exec.apiVersion: expected client.authentication.k8s.io/v1'),
    '/f: user "plugin": exec.env[0].name: expected the name of a variable',
    expect.stringContaining('/f: user "plugin": auth-provider: the provider gcp has been removed'),
    '/f: cluster "no-server": server: the cluster has no server',
    '/f: cluster "no-server": proxy-url: expected an http://, https:// or socks5:// URL',
    '/f: cluster "two-ca": certificate-authority and certificate-authority-data exclude each other',
    '/f: cluster "two-ca": certificate-authority-data: expected base64-encoded PEM',
    '/f: cluster "trusting": certificate-authority: /absent: no such file',
  ]);
});

test('an empty one is not valid', async () => {
  expect(await validate('')).toEqual(['/f: the kubeconfig is empty']);
});
