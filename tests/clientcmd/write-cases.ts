import {
  deleteCluster,
  deleteContext,
  deleteUser,
  type Kubeconfig,
  renameContext,
  setCluster,
  setContext,
  setUser,
  unsetCurrentContext,
  useContext,
} from '@client-ts/clientcmd';

/** A change that kubectl makes, and the same in our words. */
export interface WriteCase {
  readonly name: string;
  /** Files at first. Default: {@link TwoFiles}. */
  readonly files?: Readonly<Record<string, string>>;
  /** What is listed in `KUBECONFIG`. Default: all files that are called `config…`. */
  readonly list?: readonly string[];
  /** Instead of `KUBECONFIG`. */
  readonly explicit?: string;
  /** Behind `kubectl config`; `DIR` stands for the directory of the files. */
  readonly command: readonly string[];
  readonly change: (kubeconfig: Kubeconfig, directory: string) => Kubeconfig;
}

export interface RefusedWrite extends WriteCase {
  /** A part of our error. */
  readonly says: string;
}

export const TwoFiles: Readonly<Record<string, string>> = {
  config1: `
current-context: dev
clusters:
- name: one
  cluster: { server: "https://one", tls-server-name: one.example, certificate-authority-data: QUI= }
- name: files
  cluster: { server: "https://files", certificate-authority: pki/ca.crt }
users:
- { name: token, user: { token: t } }
- { name: basic, user: { username: u, password: p } }
contexts:
- { name: dev, context: { cluster: one, user: token, namespace: web } }
- { name: files, context: { cluster: files, user: basic } }
`,
  'sub/config2': `
current-context: prod
clusters:
- name: two
  cluster: { server: "https://two", insecure-skip-tls-verify: true, certificate-authority: ../pki/ca.crt }
- name: one
  cluster: { server: "https://hidden" }
users:
- name: certs
  user: { client-certificate: ./client.crt, client-key: client.key }
- name: plugin
  user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: aws, interactiveMode: Never, args: [a], env: [{ name: A, value: b }] } }
- name: oidc
  user: { auth-provider: { name: oidc, config: { client-id: me, refresh-token: r } } }
contexts:
- { name: prod, context: { cluster: two, user: certs } }
- { name: dev, context: { cluster: two } }
`,
  'pki/ca.crt': 'authority\n',
  'sub/client.crt': 'certificate\n',
  'sub/client.key': 'key\n',
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Done by both, with the same outcome. */
export const writeCases: readonly WriteCase[] = [
  { name: 'use-context', command: ['use-context', 'files'], change: (k) => useContext(k, 'files') },
  { name: 'use-context of another file', command: ['use-context', 'prod'], change: (k) => useContext(k, 'prod') },
  { name: 'use-context of the current one', command: ['use-context', 'dev'], change: (k) => useContext(k, 'dev') },
  {
    name: 'unset current-context shows that of the next file',
    command: ['unset', 'current-context'],
    change: unsetCurrentContext,
  },
  {
    name: 'unset current-context in the file that has it',
    files: { config1: 'clusters: []', config2: 'current-context: a\ncontexts: [{ name: a }]' },
    command: ['unset', 'current-context'],
    change: unsetCurrentContext,
  },
  {
    name: 'rename-context',
    command: ['rename-context', 'files', 'new'],
    change: (k) => renameContext(k, 'files', 'new'),
  },
  {
    name: 'rename-context of the current one',
    command: ['rename-context', 'dev', 'new'],
    change: (k) => renameContext(k, 'dev', 'new'),
  },
  {
    name: 'rename-context in another file',
    command: ['rename-context', 'prod', 'new'],
    change: (k) => renameContext(k, 'prod', 'new'),
  },
  { name: 'delete-context', command: ['delete-context', 'files'], change: (k) => deleteContext(k, 'files') },
  {
    name: 'delete-context of the current one',
    command: ['delete-context', 'dev'],
    change: (k) => deleteContext(k, 'dev'),
  },
  {
    name: 'delete-context in another file',
    command: ['delete-context', 'prod'],
    change: (k) => deleteContext(k, 'prod'),
  },
  {
    name: 'delete-cluster that hides another',
    command: ['delete-cluster', 'one'],
    change: (k) => deleteCluster(k, 'one'),
  },
  {
    name: 'delete-cluster in another file',
    command: ['delete-cluster', 'two'],
    change: (k) => deleteCluster(k, 'two'),
  },
  { name: 'delete-user', command: ['delete-user', 'token'], change: (k) => deleteUser(k, 'token') },
  { name: 'delete-user in another file', command: ['delete-user', 'certs'], change: (k) => deleteUser(k, 'certs') },

  {
    name: 'set-context that is new',
    command: ['set-context', 'new', '--cluster=one', '--user=token', '--namespace=n'],
    change: (k) => setContext(k, 'new', { cluster: 'one', user: 'token', namespace: 'n' }),
  },
  {
    name: 'set-context that is new, without anything',
    command: ['set-context', 'new'],
    change: (k) => setContext(k, 'new', {}),
  },
  {
    name: 'set-context of a namespace',
    command: ['set-context', '--current', '--namespace=n'],
    change: (k) => setContext(k, 'dev', { namespace: 'n' }),
  },
  {
    name: 'set-context without a namespace',
    command: ['set-context', 'dev', '--namespace='],
    change: (k) => setContext(k, 'dev', { namespace: '' }),
  },
  {
    name: 'set-context in another file',
    command: ['set-context', 'prod', '--user=token'],
    change: (k) => setContext(k, 'prod', { user: 'token' }),
  },
  {
    name: 'set-context with a name of all kinds',
    command: ['set-context', 'a/b: "c" # é', '--namespace=true'],
    change: (k) => setContext(k, 'a/b: "c" # é', { namespace: 'true' }),
  },

  {
    name: 'set-cluster that is new',
    command: ['set-cluster', 'new', '--server=https://new'],
    change: (k) => setCluster(k, 'new', { server: 'https://new' }),
  },
  {
    name: 'set-cluster with another server',
    command: ['set-cluster', 'one', '--server=https://new'],
    change: (k) => setCluster(k, 'one', { server: 'https://new' }),
  },
  {
    name: 'set-cluster with another server and its name',
    command: ['set-cluster', 'one', '--server=https://new', '--tls-server-name=n'],
    change: (k) => setCluster(k, 'one', { server: 'https://new', 'tls-server-name': 'n' }),
  },
  {
    name: 'set-cluster that trusts anybody',
    command: ['set-cluster', 'one', '--insecure-skip-tls-verify'],
    change: (k) => setCluster(k, 'one', { 'insecure-skip-tls-verify': true }),
  },
  {
    name: 'set-cluster that trusts nobody any more',
    command: ['set-cluster', 'two', '--insecure-skip-tls-verify=false'],
    change: (k) => setCluster(k, 'two', { 'insecure-skip-tls-verify': false }),
  },
  {
    name: 'set-cluster with an authority below its file',
    command: ['set-cluster', 'one', '--certificate-authority=DIR/pki/ca.crt'],
    change: (k, dir) => setCluster(k, 'one', { 'certificate-authority': `${dir}/pki/ca.crt` }),
  },
  {
    name: 'set-cluster with an authority elsewhere',
    command: ['set-cluster', 'two', '--certificate-authority=DIR/pki/ca.crt'],
    change: (k, dir) => setCluster(k, 'two', { 'certificate-authority': `${dir}/pki/ca.crt` }),
  },
  {
    name: 'set-cluster with an authority taken in',
    command: ['set-cluster', 'two', '--certificate-authority=DIR/pki/ca.crt', '--embed-certs'],
    change: (k) => setCluster(k, 'two', { 'certificate-authority-data': base64('authority\n') }),
  },
  {
    name: 'set-cluster with a proxy',
    command: ['set-cluster', 'files', '--proxy-url=socks5://p'],
    change: (k) => setCluster(k, 'files', { 'proxy-url': 'socks5://p' }),
  },

  {
    name: 'set-credentials that are new',
    command: ['set-credentials', 'new', '--token=0123'],
    change: (k) => setUser(k, 'new', { token: '0123' }),
  },
  {
    name: 'set-credentials with another token',
    command: ['set-credentials', 'token', '--token=new'],
    change: (k) => setUser(k, 'token', { token: 'new' }),
  },
  {
    name: 'set-credentials with a password for a token',
    command: ['set-credentials', 'token', '--username=u', '--password=p'],
    change: (k) => setUser(k, 'token', { username: 'u', password: 'p' }),
  },
  {
    name: 'set-credentials with a token for a password',
    command: ['set-credentials', 'basic', '--token=new'],
    change: (k) => setUser(k, 'basic', { token: 'new' }),
  },
  {
    name: 'set-credentials without a token',
    command: ['set-credentials', 'token', '--token='],
    change: (k) => setUser(k, 'token', { token: '' }),
  },
  {
    name: 'set-credentials with a certificate',
    command: ['set-credentials', 'token', '--client-certificate=DIR/sub/client.crt', '--client-key=DIR/sub/client.key'],
    change: (k, dir) =>
      setUser(k, 'token', { 'client-certificate': `${dir}/sub/client.crt`, 'client-key': `${dir}/sub/client.key` }),
  },
  {
    name: 'set-credentials with a key taken in',
    command: ['set-credentials', 'certs', '--client-key=DIR/sub/client.key', '--embed-certs=true'],
    change: (k) => setUser(k, 'certs', { 'client-key-data': base64('key\n') }),
  },
  {
    name: 'set-credentials with a plugin',
    command: [
      'set-credentials',
      'token',
      '--exec-command=aws',
      '--exec-api-version=client.authentication.k8s.io/v1',
      '--exec-interactive-mode=Never',
      '--exec-arg=a',
      '--exec-env=A=b',
      '--exec-provide-cluster-info',
    ],
    change: (k) =>
      setUser(k, 'token', {
        exec: {
          command: 'aws',
          apiVersion: 'client.authentication.k8s.io/v1',
          interactiveMode: 'Never',
          args: ['a'],
          env: [{ name: 'A', value: 'b' }],
          provideClusterInfo: true,
        },
      }),
  },
  {
    name: 'set-credentials with another variable for a plugin',
    command: ['set-credentials', 'plugin', '--exec-env=B=c'],
    change: (k) => {
      const exec = k.users.get('plugin')?.value.exec;
      return setUser(k, 'plugin', { exec: { ...exec, env: [...(exec?.env ?? []), { name: 'B', value: 'c' }] } });
    },
  },
  {
    name: 'set-credentials with other arguments for a provider',
    command: ['set-credentials', 'oidc', '--auth-provider=oidc', '--auth-provider-arg=id-token=i,refresh-token=s'],
    change: (k) => {
      const provider = k.users.get('oidc')?.value['auth-provider'];
      const config = { ...provider?.config, 'id-token': 'i', 'refresh-token': 's' };
      return setUser(k, 'oidc', { 'auth-provider': { ...provider, config } });
    },
  },

  {
    name: 'a change of a file that is named',
    explicit: 'sub/config2',
    command: ['set-context', 'dev', '--namespace=n'],
    change: (k) => setContext(k, 'dev', { namespace: 'n' }),
  },
  {
    name: 'a new current context of a file that is named',
    explicit: 'sub/config2',
    command: ['use-context', 'dev'],
    change: (k) => useContext(k, 'dev'),
  },
  {
    name: 'a file that is named and not there',
    explicit: 'new/config',
    command: ['set-cluster', 'c', '--server=https://c'],
    change: (k) => setCluster(k, 'c', { server: 'https://c' }),
  },
  {
    name: 'the first file that is there gets what is new',
    list: ['absent', 'sub/config2', 'config1'],
    command: ['set-cluster', 'c', '--server=https://c'],
    change: (k) => setCluster(k, 'c', { server: 'https://c' }),
  },
  {
    name: 'the last file is made when there is none',
    files: {},
    list: ['one', 'two'],
    command: ['set-cluster', 'c', '--server=https://c'],
    change: (k) => setCluster(k, 'c', { server: 'https://c' }),
  },
  {
    name: 'without KUBECONFIG it is ~/.kube/config',
    files: { '.kube/config': 'current-context: a\ncontexts: [{ name: b, context: { cluster: c } }]' },
    list: [],
    command: ['use-context', 'b'],
    change: (k) => useContext(k, 'b'),
  },
  {
    name: 'without any file it is ~/.kube/config, too',
    files: {},
    list: [],
    command: ['set-context', 'a', '--cluster=c'],
    change: (k) => setContext(k, 'a', { cluster: 'c' }),
  },
];

/** Refused by both, and nothing is written. */
export const refusedWrites: readonly RefusedWrite[] = [
  {
    name: 'use-context that is not there',
    command: ['use-context', 'x'],
    change: (k) => useContext(k, 'x'),
    says: 'context "x" does not exist',
  },
  {
    name: 'use-context without a name',
    command: ['use-context', ''],
    change: (k) => useContext(k, ''),
    says: 'context "" does not exist',
  },
  {
    name: 'rename-context that is not there',
    command: ['rename-context', 'x', 'y'],
    change: (k) => renameContext(k, 'x', 'y'),
    says: 'context "x" does not exist',
  },
  {
    name: 'rename-context to one that is there',
    command: ['rename-context', 'dev', 'prod'],
    change: (k) => renameContext(k, 'dev', 'prod'),
    says: 'context "prod" exists already',
  },
  {
    name: 'rename-context to nothing',
    command: ['rename-context', 'dev', ''],
    change: (k) => renameContext(k, 'dev', ''),
    says: 'may not be empty',
  },
  {
    name: 'delete-context that is not there',
    command: ['delete-context', 'x'],
    change: (k) => deleteContext(k, 'x'),
    says: 'context "x" does not exist',
  },
  {
    name: 'delete-cluster that is not there',
    command: ['delete-cluster', 'x'],
    change: (k) => deleteCluster(k, 'x'),
    says: 'cluster "x" does not exist',
  },
  {
    name: 'delete-user that is not there',
    command: ['delete-user', 'x'],
    change: (k) => deleteUser(k, 'x'),
    says: 'user "x" does not exist',
  },
  {
    name: 'set-context without a name',
    command: ['set-context', ''],
    change: (k) => setContext(k, '', {}),
    says: 'may not be empty',
  },
  {
    name: 'set-cluster with an authority and none',
    command: ['set-cluster', 'one', '--insecure-skip-tls-verify', '--certificate-authority=DIR/pki/ca.crt'],
    change: (k, dir) =>
      setCluster(k, 'one', { 'insecure-skip-tls-verify': true, 'certificate-authority': `${dir}/pki/ca.crt` }),
    says: 'exclude each other',
  },
  {
    name: 'set-credentials with two ways to say who',
    command: ['set-credentials', 'token', '--token=t', '--username=u'],
    change: (k) => setUser(k, 'token', { token: 't', username: 'u' }),
    says: 'exclude each other',
  },
  {
    name: 'a file that is no kubeconfig',
    files: { config1: 'current-context: a', config2: 'users: {}' },
    command: ['unset', 'current-context'],
    change: unsetCurrentContext,
    says: 'config2: users: expected a list',
  },
];
