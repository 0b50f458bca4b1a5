import type { TokenRequest } from '@client-ts/api/authentication/v1';
import { serviceAccounts } from '@client-ts/api/core/v1';
import type { CreateOptions } from '@client-ts/apimachinery';
import type { RestClient } from '@client-ts/rest';
import { subresourceClient } from '../../subresource.js';

/** What service accounts have beside the verbs. */
export interface ServiceAccountExpansion {
  /**
   * A token of the service account, in `status.token`.
   *
   * @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/
   */
  createToken(name: string, request: TokenRequest, options?: CreateOptions): Promise<TokenRequest>;
}

export function serviceAccountExpansion(client: RestClient, namespace: string): ServiceAccountExpansion {
  return {
    createToken(name, request, options) {
      const tokens = subresourceClient<TokenRequest>(client, serviceAccounts, 'TokenRequest', namespace);
      const body: TokenRequest = {
        ...request,
        apiVersion: 'authentication.k8s.io/v1',
        metadata: { ...request.metadata, name },
      };
      return tokens.create(body, { ...options, subresource: 'token' });
    },
  };
}
