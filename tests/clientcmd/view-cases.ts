/** Kubeconfigs that kubectl is asked about. */
export interface ViewCase {
  readonly name: string;
  /** By the name of the file; those that begin with `config` are in `KUBECONFIG`, in this order. */
  readonly files: Readonly<Record<string, string>>;
  /** What is listed in `KUBECONFIG`, if not all of them in their order. */
  readonly list?: readonly string[];
}

/** Taken by both, and understood alike. */
export const viewCases: readonly ViewCase[] = [
  { name: 'no file', files: {}, list: ['absent'] },
  { name: 'an empty file', files: { config: '' } },
  { name: 'a comment', files: { config: '# nothing\n' } },
  {
    name: 'the nulls that kubectl writes',
    files: {
      config:
        'apiVersion: v1\nkind: Config\nclusters: null\ncontexts: null\ncurrent-context: ""\npreferences: {}\nusers: null\n',
    },
  },
  {
    name: 'everything in one file',
    files: {
      config: `
apiVersion: v1
kind: Config
current-context: dev
preferences: { colors: true, extensions: [{ name: p, extension: { a: 1 } }] }
extensions: [{ name: z, extension: { a: [1, null, "x"] } }, { name: a, extension: 5 }, { extension: { b: 1 } }]
clusters:
- name: one
  cluster:
    server: https://one:6443/path
    tls-server-name: two
    insecure-skip-tls-verify: true
    proxy-url: socks5://proxy:1080
    disable-compression: true
    extensions: [{ name: client.authentication.k8s.io/exec, extension: { audience: a } }]
users:
- name: u
  user:
    token: secret
    tokenFile: token
    username: me
    password: secret
    as: bob
    as-uid: "7"
    as-groups: [b, a]
    as-user-extra: { scope: [b, a], "example.com/x": [] }
    client-certificate-data: QUI=
    client-key-data: QkI=
    extensions: [{ name: e, extension: {} }]
contexts:
- { name: dev, context: { cluster: one, user: u, namespace: web, extensions: [{ name: e, extension: {} }] } }
`,
    },
  },
  {
    name: 'entries out of order',
    files: {
      config: `
current-context: b
clusters: [{ name: b, cluster: { server: s } }, { name: a, cluster: { server: s } }, { name: B, cluster: { server: s } }]
users: [{ name: z }, { name: "1" }, { name: a b }]
contexts: [{ name: b, context: { cluster: b, user: z } }, { name: a, context: {} }]
`,
    },
  },
  {
    name: 'the first file wins, entry by entry',
    files: {
      config1: `
current-context: one
clusters: [{ name: c, cluster: { server: one, insecure-skip-tls-verify: true } }]
users: [{ name: u, user: { token: one } }]
contexts: [{ name: one, context: { cluster: c, user: u, namespace: one } }]
`,
      config2: `
current-context: two
clusters: [{ name: c, cluster: { server: two, tls-server-name: two } }, { name: d, cluster: { server: two } }]
users: [{ name: u, user: { username: two } }, { name: v, user: { token: two } }]
contexts: [{ name: one, context: { cluster: d } }, { name: two, context: { cluster: d, user: v } }]
`,
    },
  },
  {
    name: 'the same, the other way round, with files that are not there',
    files: {
      config1:
        'current-context: one\nclusters: [{ name: c, cluster: { server: one } }]\ncontexts: [{ name: one, context: { cluster: c } }]',
      config2:
        'current-context: two\nclusters: [{ name: c, cluster: { server: two } }]\ncontexts: [{ name: two, context: { cluster: c } }]',
    },
    list: ['absent', 'config2', 'absent/too', 'config1', 'config2', ''],
  },
  {
    name: 'extensions and preferences of two files',
    files: {
      config1:
        'extensions: [{ name: a, extension: 1 }]\npreferences: { colors: false, extensions: [{ name: a, extension: 1 }] }',
      config2: 'extensions: [{ name: b, extension: 2 }, { name: a, extension: 2 }]\npreferences: { colors: true }',
    },
  },
  {
    name: 'a current context from a file that has nothing else',
    files: {
      config1: 'current-context: ""\nclusters: [{ name: c, cluster: { server: one } }]',
      config2: 'current-context: two',
      config3: 'contexts: [{ name: two, context: { cluster: c } }]',
    },
  },
  {
    name: 'JSON',
    files: {
      config:
        '{"current-context":"a","clusters":[{"name":"c","cluster":{"server":"\\u0068ttps://c"}}],"contexts":[{"name":"a","context":{"cluster":"c"}}]}',
    },
  },
  {
    name: 'aliases and merged keys',
    files: {
      config: `
x-base: &base { server: "https://base", proxy-url: "http://p" }
current-context: a
clusters:
- { name: a, cluster: *base }
- { name: b, cluster: { <<: *base, server: "https://own" } }
contexts: [{ name: a, context: { cluster: a } }]
`,
    },
  },
  {
    name: 'texts in every form',
    files: {
      config: `
users:
- name: forms
  user:
    token: "0o17"
    username: 'yes'
    password: |
      two
      lines
    as: >-
      folded
      text
    as-uid: !!str 12
- name: '12:30'
  user: { token: 2001-01-01, username: 0x, password: .5.5, as: "\\u263a" }
- { name: "null", user: { token: "~", username: "true" } }
`,
    },
  },
  {
    name: 'line ends of Windows',
    files: { config: 'current-context: a\r\nusers:\r\n- name: u\r\n  user: {token: t}\r\n' },
  },
  { name: 'a byte order mark', files: { config: '\ufeffcurrent-context: a\n' } },
  { name: 'an empty document behind', files: { config: 'current-context: a\n---\n' } },
  {
    name: 'fields that nobody knows, and other capitals',
    files: {
      config:
        'Clusters: [x]\nfuture: 1\ncurrent-Context: x\nclusters: [{ name: a, cluster: { server: s, Server: t, future: [1] }, more: 1 }]',
    },
  },
  {
    name: 'fields that are null',
    files: {
      config:
        'clusters: [{ name: a, cluster: { server: null, proxy-url: null, extensions: null } }, { name: b, cluster: null }]\nusers: [{ name: u, user: { as-groups: null, exec: null, auth-provider: null } }]\ncontexts: [null]',
    },
  },
  {
    name: 'fields that are empty',
    files: {
      config:
        'clusters: [{ name: a, cluster: { server: "", insecure-skip-tls-verify: false, extensions: [] } }]\nusers: [{ name: u, user: { as-groups: [], as-user-extra: {}, token: "" } }]\ncontexts: [{ name: a, context: { namespace: "" } }]\nextensions: []',
    },
  },
  { name: 'an entry without a name', files: { config: 'clusters: [{ cluster: { server: s } }]\nusers: [null]' } },
  {
    name: 'names of all kinds',
    files: {
      config: `
current-context: "a/b@c:d"
clusters: [{ name: "__proto__", cluster: { server: s } }, { name: constructor }, { name: "é ☺" }]
users: [{ name: __proto__, user: { as: x, as-user-extra: { __proto__: [v] } } }, { name: "a\\tb" }]
contexts: [{ name: "a/b@c:d", context: { cluster: __proto__, user: __proto__ } }]
`,
    },
  },
  {
    name: 'data with line breaks, and bits at its end',
    files: {
      config: 'users: [{ name: a, user: { client-key-data: "QUJD\\nQUJD\\n", client-certificate-data: "QUJ=" } }]',
    },
  },
  {
    name: 'exec plugins',
    files: {
      config: `
current-context: a
clusters: [{ name: c, cluster: { server: "https://c" } }]
contexts: [{ name: a, context: { cluster: c, user: full } }]
users:
- name: full
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: ./bin/aws
      args: [eks, get-token]
      env: [{ name: AWS_PROFILE, value: dev }, { name: EMPTY }]
      installHint: brew install aws
      provideClusterInfo: true
      interactiveMode: Always
- { name: older, user: { exec: { apiVersion: client.authentication.k8s.io/v1beta1, command: aws } } }
- { name: removed, user: { exec: { apiVersion: client.authentication.k8s.io/v1alpha1, command: aws, args: [], env: [] } } }
- { name: nothing, user: { exec: {} } }
`,
    },
  },
  {
    name: 'providers',
    files: {
      config: `
users:
- { name: none, user: { auth-provider: {} } }
- { name: named, user: { auth-provider: { name: gcp } } }
- { name: empty, user: { auth-provider: { name: gcp, config: {} } } }
- { name: azure, user: { auth-provider: { name: azure, config: { environment: AzurePublicCloud, tenant-id: t } } } }
`,
    },
  },
  {
    name: 'certificates and keys in files beside the kubeconfig, and elsewhere',
    files: {
      config: `
current-context: a
clusters: [{ name: c, cluster: { server: "https://c", certificate-authority: pki/ca } }]
users: [{ name: u, user: { client-certificate: ./pki/cert, client-key: pki/../pki/key, tokenFile: pki/none } }]
contexts: [{ name: a, context: { cluster: c, user: u } }]
`,
      'pki/ca': 'authority\n',
      'pki/cert': 'certificate\n',
      'pki/key': '\u0000key',
    },
  },
  {
    name: 'certificates beside one of two kubeconfigs',
    files: {
      config1: 'current-context: a\nclusters: [{ name: c, cluster: { server: "https://c" } }]',
      'sub/config2':
        'users: [{ name: u, user: { client-certificate: cert, client-key-data: QUI= } }]\ncontexts: [{ name: a, context: { cluster: c, user: u } }]',
      'sub/cert': 'certificate\n',
    },
    list: ['config1', 'sub/config2'],
  },
];

/** Refused by both, when they are read or when they are minified and flattened. */
export const refusedCases: readonly (ViewCase & { readonly says: string })[] = [
  { name: 'no YAML', files: { config: 'clusters: [' }, says: 'config: line 1' },
  { name: 'a tab for indentation', files: { config: 'clusters:\n\t- name: a\n' }, says: 'config: line 2' },
  { name: 'a text', files: { config: 'hello' }, says: 'expected a kubeconfig, got a string' },
  { name: 'a number', files: { config: '5' }, says: 'expected a kubeconfig, got a number' },
  { name: 'another version', files: { config: 'apiVersion: v2' }, says: 'apiVersion: expected v1' },
  { name: 'another kind', files: { config: 'apiVersion: v1\nkind: Pod' }, says: 'kind: expected Config' },
  { name: 'an object for a list', files: { config: 'users: {}' }, says: 'users: expected a list, got an object' },
  { name: 'a text for a list', files: { config: 'users: ""' }, says: 'users: expected a list, got a string' },
  { name: 'a text for an entry', files: { config: 'users: [x]' }, says: 'users[0]: expected an object' },
  { name: 'a number for a name', files: { config: 'users: [{ name: 5 }]' }, says: 'users[0].name: expected a string' },
  {
    name: 'a number for a token',
    files: { config: 'users: [{ name: u, user: { token: 5 } }]' },
    says: 'token: expected a string, got a number',
  },
  {
    name: 'a word that YAML takes for a boolean',
    files: { config: 'users: [{ name: u, user: { username: on } }]' },
    says: 'username: expected a string, got a boolean',
  },
  {
    name: 'a text for a boolean',
    files: { config: 'clusters: [{ name: a, cluster: { insecure-skip-tls-verify: "true" } }]' },
    says: 'insecure-skip-tls-verify: expected true or false',
  },
  {
    name: 'a text for groups',
    files: { config: 'users: [{ name: u, user: { as-groups: a } }]' },
    says: 'as-groups: expected a list of strings',
  },
  {
    name: 'a text for values of extra',
    files: { config: 'users: [{ name: u, user: { as-user-extra: { a: b } } }]' },
    says: 'as-user-extra[…]: expected a list of strings',
  },
  {
    name: 'a text for arguments',
    files: { config: 'users: [{ name: u, user: { exec: { args: a } } }]' },
    says: 'exec.args: expected a list of strings',
  },
  {
    name: 'an object for variables',
    files: { config: 'users: [{ name: u, user: { exec: { env: { A: b } } } }]' },
    says: 'exec.env: expected a list',
  },
  {
    name: 'a number among the arguments of a provider',
    files: { config: 'users: [{ name: u, user: { auth-provider: { config: { a: 5 } } } }]' },
    says: 'auth-provider.config[…]: expected a string',
  },
  {
    name: 'a list for a namespace',
    files: { config: 'contexts: [{ name: c, context: { namespace: [a] } }]' },
    says: 'namespace: expected a string, got a list',
  },
  {
    name: 'an object for the current context',
    files: { config: 'current-context: {}' },
    says: 'current-context: expected a string',
  },
  {
    name: 'data that is not base64',
    files: { config: 'users: [{ name: u, user: { client-key-data: "a b" } }]' },
    says: 'client-key-data: expected base64',
  },
  {
    name: 'data without its padding',
    files: { config: 'clusters: [{ name: c, cluster: { certificate-authority-data: QUI } }]' },
    says: 'certificate-authority-data: expected base64',
  },
  {
    name: 'two clusters of one name',
    files: { config: 'clusters: [{ name: a }, { name: a }]' },
    says: 'two entries called "a"',
  },
  {
    name: 'two users of one name',
    files: { config: 'users: [{ name: a }, { name: a }]' },
    says: 'two entries called "a"',
  },
  {
    name: 'two contexts of one name',
    files: { config: 'contexts: [{ name: a }, { name: a }]' },
    says: 'two entries called "a"',
  },
  {
    name: 'two extensions of one name',
    files: { config: 'extensions: [{ name: a, extension: {} }, { name: a, extension: {} }]' },
    says: 'extensions: there are two called "a"',
  },
  {
    name: 'one bad file of two',
    files: { config1: 'current-context: a', config2: 'users: {}' },
    says: 'config2: users: expected a list',
  },
  {
    name: 'to minify without a current context',
    files: { config: 'contexts: [{ name: a, context: {} }]' },
    says: 'no current context',
  },
  {
    name: 'to minify what is not there',
    files: { config: 'current-context: gone' },
    says: 'context "gone" does not exist',
  },
  {
    name: 'to minify a context whose cluster is not there',
    files: { config: 'current-context: a\ncontexts: [{ name: a, context: { cluster: gone } }]' },
    says: 'cluster "gone" does not exist',
  },
  {
    name: 'to minify a context whose user is not there',
    files: { config: 'current-context: a\ncontexts: [{ name: a, context: { user: gone } }]' },
    says: 'user "gone" does not exist',
  },
  {
    name: 'to flatten a file that is not there',
    files: {
      config:
        'current-context: a\nclusters: [{ name: c, cluster: { certificate-authority: gone } }]\ncontexts: [{ name: a, context: { cluster: c } }]',
    },
    says: 'gone: no such file',
  },
  {
    name: 'to flatten two of a kind',
    files: {
      config:
        'current-context: a\nclusters: [{ name: c, cluster: { certificate-authority: gone, certificate-authority-data: QUI= } }]\ncontexts: [{ name: a, context: { cluster: c } }]',
    },
    says: 'exclude each other',
  },
];
