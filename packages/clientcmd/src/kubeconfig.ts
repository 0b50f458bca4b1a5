import type { ExecConfig } from '@client-ts/auth';

/** The contents of kubeconfig files, entries by name. Field names are those of the file. */
export interface Kubeconfig {
  currentContext?: string;
  readonly clusters: Map<string, Entry<KubeconfigCluster>>;
  readonly users: Map<string, Entry<KubeconfigUser>>;
  readonly contexts: Map<string, Entry<KubeconfigContext>>;
  /** Nobody reads it any more; kept so that it can be shown. */
  readonly preferences?: KubeconfigPreferences;
  readonly extensions?: readonly NamedExtension[];
  /** The files that it was read from, for messages. */
  readonly files: readonly string[];
}

/** An entry, and the file that it comes from: relative paths in it are relative to that file. */
export interface Entry<T> {
  readonly value: T;
  readonly file: string | undefined;
}

/** What other programs keep in a kubeconfig. */
export interface NamedExtension {
  /** Default: the empty one. */
  readonly name?: string;
  readonly extension?: unknown;
}

export interface KubeconfigCluster {
  server?: string;
  'tls-server-name'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'proxy-url'?: string;
  'disable-compression'?: boolean;
  extensions?: readonly NamedExtension[];
}

export interface KubeconfigUser {
  'client-certificate'?: string;
  'client-certificate-data'?: string;
  'client-key'?: string;
  'client-key-data'?: string;
  token?: string;
  tokenFile?: string;
  as?: string;
  'as-uid'?: string;
  'as-groups'?: readonly string[];
  'as-user-extra'?: Readonly<Record<string, readonly string[]>>;
  username?: string;
  password?: string;
  'auth-provider'?: KubeconfigAuthProvider;
  exec?: ExecConfig;
  extensions?: readonly NamedExtension[];
}

/** A way to authenticate that is part of the client: `oidc`, and others that have been removed since. */
export interface KubeconfigAuthProvider {
  readonly name?: string;
  readonly config?: Readonly<Record<string, string>> | null;
}

export interface KubeconfigContext {
  cluster?: string;
  user?: string;
  namespace?: string;
  extensions?: readonly NamedExtension[];
}

export interface KubeconfigPreferences {
  readonly colors?: boolean;
  readonly extensions?: readonly NamedExtension[];
}

/** The name of a list of entries, as in the file. */
export type EntryList = 'clusters' | 'users' | 'contexts';

/** What an entry of a list is called, in the file and in messages. */
export const EntryKinds: Readonly<Record<EntryList, string>> = {
  clusters: 'cluster',
  users: 'user',
  contexts: 'context',
};
