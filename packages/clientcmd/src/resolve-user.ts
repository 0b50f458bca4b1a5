import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { type ExecConfig, execConfigProblems, removedProviderAdvice } from '@client-ts/auth';
import type { ImpersonationConfig, TokenSource } from '@client-ts/rest';
import type { EntryPlace } from './entry-place.js';
import type { KubeconfigUser } from './kubeconfig.js';
import { oidcUser, type OidcUser } from './oidc-user.js';
import { quoted } from './quoted.js';
import { tokenFile } from './token-file.js';

/** Who a user is. */
export interface ResolvedUser {
  readonly certificate: { readonly cert: string; readonly key: string } | undefined;
  /** Where certificate and key were read from. */
  readonly certificateFiles: { readonly cert?: string; readonly key?: string };
  readonly bearerToken: string | TokenSource | undefined;
  readonly basic: { readonly username: string; readonly password: string } | undefined;
  readonly impersonate: ImpersonationConfig | undefined;
  /** Present only when it is to be asked: whoever has another credential does not need one. */
  readonly exec: ExecConfig | undefined;
  readonly oidc: OidcUser | undefined;
}

/**
 * Reads the files of a user, and reports all that is wrong with it.
 *
 * @param secure - the server is reached by TLS; without, as for kubectl, nobody looks at what certificate and key contain.
 */
export async function resolveUser(user: EntryPlace<KubeconfigUser>, secure = true): Promise<ResolvedUser> {
  const { username, password, exec, 'auth-provider': provider } = user.value;
  const certificate = await certificateOf(user, secure);
  const bearerToken = tokenOf(user);
  const basic = username || password ? { username: username ?? '', password: password ?? '' } : undefined;
  if (bearerToken && basic) user.report('a token, and username or password, exclude each other');
  if (exec && provider) user.report('exec and auth-provider exclude each other');
  const other = certificate ?? bearerToken ?? basic;
  const plugin = exec && execOf(user, exec);
  const oidc = provider && (await providerOf(user));
  return {
    certificate,
    certificateFiles: certificate ? certificateFiles(user) : {},
    bearerToken,
    basic,
    impersonate: impersonationOf(user),
    exec: other ? undefined : plugin,
    oidc: (bearerToken ?? basic) ? undefined : oidc,
  };
}

async function certificateOf(user: EntryPlace<KubeconfigUser>, secure: boolean): Promise<ResolvedUser['certificate']> {
  // As for kubectl, a key alone is of no importance.
  if (!user.value['client-certificate'] && !user.value['client-certificate-data']) return undefined;
  const [cert, key] = [await user.pem('client-certificate'), await user.pem('client-key')];
  if (!user.value['client-key'] && !user.value['client-key-data']) {
    user.report('client-certificate needs a client-key');
  }
  if (cert === undefined || key === undefined || !secure) return undefined;
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    user.report(`client-certificate and client-key cannot be used: ${(error as Error).message}`);
  }
  return { cert, key };
}

function certificateFiles(user: EntryPlace<KubeconfigUser>): ResolvedUser['certificateFiles'] {
  const { 'client-certificate': cert, 'client-key': key } = user.value;
  return { ...(cert ? { cert: user.resolve(cert) } : {}), ...(key ? { key: user.resolve(key) } : {}) };
}

/** Of both, the file counts, for as long as it can be read: it is the one that somebody renews. */
function tokenOf(user: EntryPlace<KubeconfigUser>): string | TokenSource | undefined {
  const { token, tokenFile: file } = user.value;
  if (!file) return token || undefined;
  const fromFile = tokenFile(user.resolve(file));
  if (!token) return fromFile;
  return async (options) => {
    try {
      return await fromFile(options);
    } catch {
      options.signal?.throwIfAborted();
      return token;
    }
  };
}

function impersonationOf(user: EntryPlace<KubeconfigUser>): ImpersonationConfig | undefined {
  const { as, 'as-uid': uid, 'as-groups': groups = [], 'as-user-extra': extra = {} } = user.value;
  const [hasGroups, hasExtra] = [groups.length > 0, Object.keys(extra).length > 0];
  if (!as) {
    if (uid || hasGroups || hasExtra) user.report('as-uid, as-groups and as-user-extra need as: the name of a user');
    return undefined;
  }
  return { userName: as, ...(uid ? { uid } : {}), ...(hasGroups ? { groups } : {}), ...(hasExtra ? { extra } : {}) };
}

function execOf(user: EntryPlace<KubeconfigUser>, exec: ExecConfig): ExecConfig {
  for (const problem of execConfigProblems(exec)) user.report(`exec.${problem}`);
  // A bare name is looked up in PATH.
  const { command } = exec;
  return command?.includes(path.sep) ? { ...exec, command: user.resolve(command) } : exec;
}

async function providerOf(user: EntryPlace<KubeconfigUser>): Promise<OidcUser | undefined> {
  const { name = '', config } = user.value['auth-provider'] ?? {};
  if (name === 'oidc') return oidcUser(user, config ?? {});
  const advice = removedProviderAdvice(name);
  user.report(`auth-provider: ${advice ?? `there is no provider ${quoted(name)}: expected oidc, or exec instead`}`);
  return undefined;
}
