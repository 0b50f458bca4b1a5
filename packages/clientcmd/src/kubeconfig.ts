/** The contents of kubeconfig files, entries by name. Field names are those of the file. */
export interface Kubeconfig {
  currentContext?: string;
  readonly clusters: Map<string, Entry<KubeconfigCluster>>;
  readonly users: Map<string, Entry<KubeconfigUser>>;
  readonly contexts: Map<string, Entry<KubeconfigContext>>;
  /** The files that it was read from, for messages. */
  readonly files: readonly string[];
}

/** An entry, and the file that it comes from: relative paths in it are relative to that file. */
export interface Entry<T> {
  readonly value: T;
  readonly file: string | undefined;
}

export interface KubeconfigCluster {
  server?: string;
  'tls-server-name'?: string;
  'insecure-skip-tls-verify'?: boolean;
  'certificate-authority'?: string;
  'certificate-authority-data'?: string;
  'proxy-url'?: string;
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
  'as-groups'?: string[];
  'as-user-extra'?: Record<string, string[]>;
  username?: string;
  password?: string;
  exec?: Record<string, unknown>;
  'auth-provider'?: Record<string, unknown>;
}

export interface KubeconfigContext {
  cluster?: string;
  user?: string;
  namespace?: string;
}

/** A kubeconfig that cannot be used. The message names the file, the entry and the field, and never quotes a credential. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
}
