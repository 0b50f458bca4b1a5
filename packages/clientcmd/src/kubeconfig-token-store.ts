import type { OidcTokens, OidcTokenStore } from '@client-ts/auth';
import { modifyKubeconfig } from './edit/modify-kubeconfig.js';
import type { Kubeconfig, KubeconfigUser } from './kubeconfig.js';
import { loadKubeconfig } from './load-kubeconfig.js';
import { oidcTokensOf } from './oidc-user.js';

/**
 * The tokens of one user of the `oidc` provider, in the kubeconfig file that they come from. A user who is no longer there,
 * or signs in another way by now, gets none.
 */
export function kubeconfigTokenStore(file: string, userName: string): OidcTokenStore {
  return {
    async load() {
      const user = (await loadKubeconfig({ kubeconfig: file })).users.get(userName)?.value;
      return oidcTokensOf((isOidc(user) && user['auth-provider']?.config) || {});
    },
    async save(tokens) {
      await modifyKubeconfig((kubeconfig) => withTokens(kubeconfig, userName, tokens), { kubeconfig: file });
    },
  };
}

function withTokens(kubeconfig: Kubeconfig, userName: string, { idToken, refreshToken }: OidcTokens): Kubeconfig {
  const entry = kubeconfig.users.get(userName);
  if (!entry || !isOidc(entry.value)) return kubeconfig;
  const provider = entry.value['auth-provider'];
  const config = {
    ...provider?.config,
    ...(idToken === undefined ? {} : { 'id-token': idToken }),
    ...(refreshToken === undefined ? {} : { 'refresh-token': refreshToken }),
  };
  const value = { ...entry.value, 'auth-provider': { ...provider, config } };
  return { ...kubeconfig, users: new Map(kubeconfig.users).set(userName, { ...entry, value }) };
}

function isOidc(user: KubeconfigUser | undefined): user is KubeconfigUser {
  return user?.['auth-provider']?.name === 'oidc';
}
