import path from 'node:path';
import { LruMap } from '@client-ts/apimachinery';
import {
  type ExecPlugin,
  ExecPluginError,
  isExecPluginError,
  isOidcError,
  OidcError,
  oidcTokenSource,
  type OidcTokenStore,
  sharedExecPlugin,
} from '@client-ts/auth';
import type { TokenSource } from '@client-ts/rest';
import { newTransport, proxyFromEnvironment } from '@client-ts/transport';
import type { ExecOptions } from './exec-options.js';
import type { EntryPlace } from './entry-place.js';
import { kubeconfigTokenStore } from './kubeconfig-token-store.js';
import type { OidcUser } from './oidc-user.js';
import type { ResolvedContext } from './resolve-context.js';

/** Credentials that are not in a kubeconfig, but come from somebody whom it names. */
export interface Credentials {
  readonly bearerToken: TokenSource;
  /** Gives certificates, too. */
  readonly plugin: ExecPlugin | undefined;
}

/** Starts nothing yet: a plugin runs, and a provider is asked, with the first request. */
export function credentialsFor(context: ResolvedContext, options: ExecOptions): Credentials | undefined {
  const { exec, oidc, user } = context;
  if (exec && user) {
    const { execPolicy: policy, stdin, env } = options;
    const plugin = sharedExecPlugin(exec.config, { cluster: exec.cluster, policy, stdin, env });
    return { bearerToken: withPlace(plugin.token, user), plugin };
  }
  if (oidc && user) return { bearerToken: withPlace(sharedOidcSource(oidc, user, options), user), plugin: undefined };
  return undefined;
}

/** As many as a program with many clusters has at the same time. */
const sources = /* @__PURE__ */ new LruMap<TokenSource>(1000);

/** One for all clients of the same user of the same file: a refresh token may be good for one use. */
function sharedOidcSource(oidc: OidcUser, user: EntryPlace<object>, options: ExecOptions): TokenSource {
  const { file, name } = user;
  if (file === undefined) return oidcSource(oidc, options);
  const key = JSON.stringify([path.resolve(file), name, oidc.client, oidc.ca]);
  return sources.getOrMake(key, () => oidcSource(oidc, options, kubeconfigTokenStore(file, name)));
}

function oidcSource(
  { client, tokens, ca }: OidcUser,
  { env = process.env }: ExecOptions,
  store?: OidcTokenStore,
): TokenSource {
  return oidcTokenSource(client, {
    tokens,
    store,
    openTransport: (url) => newTransport({ tls: { ca }, proxyUrl: proxyFromEnvironment(url.href, env) }),
  });
}

/** A failure says whose it is. */
function withPlace(source: TokenSource, user: EntryPlace<object>): TokenSource {
  return async (options) => {
    try {
      return await source(options);
    } catch (error) {
      if (isExecPluginError(error)) throw new ExecPluginError(error.failure, user.at(error.message), { cause: error });
      if (isOidcError(error)) throw new OidcError(user.at(`auth-provider: ${error.message}`), { cause: error });
      throw error;
    }
  };
}
