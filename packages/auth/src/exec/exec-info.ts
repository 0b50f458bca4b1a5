/** What a plugin is told of the cluster that its credentials are for. Field names are those of the API. */
export interface ExecCluster {
  readonly server: string;
  readonly 'tls-server-name'?: string | undefined;
  readonly 'insecure-skip-tls-verify'?: boolean | undefined;
  /** Base64 of PEM; files have been read. */
  readonly 'certificate-authority-data'?: string | undefined;
  readonly 'proxy-url'?: string | undefined;
  readonly 'disable-compression'?: boolean | undefined;
  /** The cluster's extension `client.authentication.k8s.io/exec`: whatever the plugin expects there. */
  readonly config?: unknown;
}

/**
 * The value of `KUBERNETES_EXEC_INFO`: an `ExecCredential` without a status.
 *
 * @param interactive - whether the plugin gets standard input.
 */
export function execInfo(apiVersion: string, interactive: boolean, cluster?: ExecCluster): string {
  const { server, config, ...rest } = cluster ?? {};
  const given = Object.entries(rest).filter(([, value]) => Boolean(value));
  return JSON.stringify({
    kind: 'ExecCredential',
    apiVersion,
    spec: {
      // client-go writes `config` without a value, too.
      ...(cluster ? { cluster: { server, ...Object.fromEntries(given), config: config ?? null } } : {}),
      interactive,
    },
  });
}
