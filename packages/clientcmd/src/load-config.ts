import { printable } from '@client-ts/apimachinery';
import type { Config } from '@client-ts/rest';
import { type Credentials, credentialsFor } from './credentials-for.js';
import type { ExecOptions } from './exec-options.js';
import { type InClusterOptions, isInCluster, podNamespace, serviceAccountKubeconfig } from './in-cluster-config.js';
import type { Kubeconfig } from './kubeconfig.js';
import { kubeconfigFiles } from './kubeconfig-files.js';
import { loadKubeconfig } from './load-kubeconfig.js';
import { NoConfigError, type RejectedSource } from './no-config-error.js';
import { type KubeconfigOverrides, overrideKubeconfig } from './override-kubeconfig.js';
import { quoted } from './quoted.js';
import { readKubeconfigFile } from './read-kubeconfig-file.js';
import { type ContextConfig, resolveContext } from './resolve-context.js';
import { type TransportOrigins, withTransport } from './with-transport.js';

export interface LoadOptions extends KubeconfigOverrides, InClusterOptions, ExecOptions {
  /**
   * This file alone, which must exist, or a kubeconfig that is at hand. Default: the files in `KUBECONFIG`, or else
   * `~/.kube/config`.
   */
  readonly kubeconfig?: string | Kubeconfig | undefined;
  /**
   * Fields that replace what was loaded, each whole, but for `middleware`, which comes before ours; `host` counts as
   * `clusterInfo.server` does. What is `undefined` replaces nothing. Whoever brings a token or a password needs no exec plugin
   * and no provider, and with a client certificate no plugin.
   */
  readonly overrides?: { readonly [F in keyof Config]?: Config[F] | undefined } | undefined;
}

/**
 * The config that kubectl would use: from the file given, from the files in `KUBECONFIG`, from `~/.kube/config`, or else from
 * the pod's service account. `KUBERNETES_MASTER` is the server of a cluster that has none, and the last resort.
 *
 * Its transport is Node's own, shared by all configs of the same TLS identity; it goes through the proxy that the cluster has, or
 * else through that of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. Servers are asked to compress their answers, by {@link gzip}
 * behind any other middleware, unless the cluster says `disable-compression`.
 *
 * Its namespace is that of `namespace`, of the context, of the pod that this runs in, or else `default`.
 *
 * Rejects with a {@link KubeconfigError} that tells all that is wrong, and with a {@link NoConfigError} when there is nothing
 * to use.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<ContextConfig> {
  const { host: server, ...overrides } = defined(options.overrides ?? {});
  const { config, credentials, files, disableCompression } = await load(
    server === undefined ? options : { ...options, clusterInfo: { ...options.clusterInfo, server } },
  );
  const { bearerToken, username, password, tls } = overrides;
  const ownName = bearerToken ?? username ?? password ?? (credentials?.plugin && tls?.cert);
  const needed = ownName === undefined ? credentials : undefined;
  return withTransport(
    { ...config, ...(needed ? { bearerToken: needed.bearerToken } : {}), ...overrides },
    options.env,
    { files: tls === undefined ? files : undefined, plugin: needed?.plugin, disableCompression },
  );
}

function defined(fields: NonNullable<LoadOptions['overrides']>): Partial<Config> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

interface Loaded {
  /** Without what only the credentials know. */
  readonly config: ContextConfig;
  readonly credentials: Credentials | undefined;
  readonly files: TransportOrigins['files'];
  readonly disableCompression: boolean;
}

async function load(options: LoadOptions): Promise<Loaded> {
  const context = await resolveContext(await chosenKubeconfig(options));
  const namespace = context.explicitNamespace ? undefined : await podNamespace(options);
  return {
    config: { ...context.config, ...(namespace === undefined ? {} : { namespace }) },
    credentials: credentialsFor(context, options),
    files: context.files,
    disableCompression: context.disableCompression,
  };
}

/** The kubeconfig whose current context is what is asked for, overrides included. */
async function chosenKubeconfig(options: LoadOptions): Promise<Kubeconfig> {
  const { env = process.env, kubeconfig: given, clusterInfo } = options;
  const kubeconfig = typeof given === 'object' ? given : await loadKubeconfig({ kubeconfig: given, env });
  const overridden = overrideKubeconfig(kubeconfig, options);
  const unnamed = kubeconfig.clusters.has('') || clusterInfo?.server;
  const chosen = options.context || overridden.currentContext || unnamed || options.cluster;
  const server = env['KUBERNETES_MASTER'];
  if (chosen) return withDefaultServer(overridden, server);
  if (!given && (await isInCluster(options))) {
    return overrideServiceAccount(await serviceAccountKubeconfig(options), options);
  }
  if (server) return withDefaultServer(overridden, server);
  if (given) return kubeconfig;
  throw new NoConfigError(await rejectedSources(kubeconfig, options));
}

/** As client-go's `ClusterDefaults`, whether there is such a cluster or not. */
function withDefaultServer(kubeconfig: Kubeconfig, server: string | undefined): Kubeconfig {
  const { currentContext = '', contexts, clusters } = kubeconfig;
  const name = contexts.get(currentContext)?.value.cluster ?? '';
  const cluster = clusters.get(name);
  if (!server || cluster?.value.server) return kubeconfig;
  const entry = { file: cluster?.file, value: { ...cluster?.value, server } };
  return { ...kubeconfig, clusters: new Map([...clusters, [name, entry]]) };
}

/** Of a user who says otherwise who he is, the pod's token would be a contradiction. */
function overrideServiceAccount(kubeconfig: Kubeconfig, options: LoadOptions): Kubeconfig {
  const { token, username, password, exec, 'auth-provider': provider } = options.userInfo ?? {};
  const other = token || username || password || exec || provider;
  const users: Kubeconfig['users'] = other
    ? new Map([...kubeconfig.users].map(([name, entry]) => [name, { ...entry, value: {} }]))
    : kubeconfig.users;
  return overrideKubeconfig({ ...kubeconfig, users }, options);
}

async function rejectedSources(kubeconfig: Kubeconfig, options: LoadOptions): Promise<RejectedSource[]> {
  const { files, origin } = kubeconfigFiles({ env: options.env });
  const name = origin === 'home' ? '~/.kube/config' : 'KUBECONFIG';
  const names = [...kubeconfig.contexts.keys()].map(quoted).join(', ');
  const rejected: RejectedSource[] = [];
  for (const file of files) {
    const exists = (await readKubeconfigFile(file)) !== undefined;
    const reason = exists
      ? `no context is chosen${names ? `; there are: ${names}` : ', and there are none'}`
      : 'no such file';
    rejected.push({ source: name, reason: `${printable(file)}: ${reason}` });
  }
  if (origin !== 'home') rejected.push({ source: '~/.kube/config', reason: 'not looked at, since KUBECONFIG is set' });
  rejected.push({ source: 'in-cluster', reason: await notInClusterReason(options) });
  return [...rejected, { source: 'KUBERNETES_MASTER', reason: 'not set' }];
}

async function notInClusterReason(options: InClusterOptions): Promise<string> {
  try {
    await serviceAccountKubeconfig(options);
    return 'not looked at';
  } catch (error) {
    return (error as Error).message;
  }
}
