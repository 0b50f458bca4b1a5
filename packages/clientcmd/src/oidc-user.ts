import type { OidcClient, OidcTokens } from '@client-ts/auth';
import type { EntryPlace } from './entry-place.js';
import type { KubeconfigUser } from './kubeconfig.js';

/** A user of the `oidc` provider. */
export interface OidcUser {
  readonly client: OidcClient;
  readonly tokens: OidcTokens;
  /** PEM of the authority that the provider's certificate is of. */
  readonly ca: string | undefined;
}

type Arguments = Readonly<Record<string, string>>;

/**
 * Reads the arguments of the `oidc` provider, and reports what is missing. `extra-scopes` has no meaning any more.
 *
 * The path of an authority is relative to the kubeconfig, as all others in it.
 */
export async function oidcUser(user: EntryPlace<KubeconfigUser>, config: Arguments): Promise<OidcUser> {
  const required = (name: string): string => {
    const value = argument(config, name);
    if (value === undefined) user.report(`auth-provider.config.${name}: required by the provider oidc`);
    return value ?? '';
  };
  return {
    client: {
      issuerUrl: required('idp-issuer-url'),
      clientId: required('client-id'),
      clientSecret: argument(config, 'client-secret'),
    },
    tokens: oidcTokensOf(config),
    ca: await authorityOf(user, config),
  };
}

export function oidcTokensOf(config: Arguments): OidcTokens {
  return { idToken: argument(config, 'id-token'), refreshToken: argument(config, 'refresh-token') };
}

async function authorityOf(user: EntryPlace<KubeconfigUser>, config: Arguments): Promise<string | undefined> {
  const field = 'auth-provider.config.idp-certificate-authority';
  const data = argument(config, 'idp-certificate-authority-data');
  const file = argument(config, 'idp-certificate-authority');
  const content = data === undefined ? file && (await user.read(field, file)) : Buffer.from(data, 'base64');
  if (!content) return undefined;
  const text = content.toString('utf8');
  if (!text.includes('-----BEGIN ')) user.report(`${field}${data === undefined ? '' : '-data'}: expected PEM`);
  return text;
}

function argument(config: Arguments, name: string): string | undefined {
  return (Object.hasOwn(config, name) && config[name]) || undefined;
}
