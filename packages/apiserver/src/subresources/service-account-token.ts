import { newInvalid } from '@client-ts/apimachinery/errors';
import type { KubernetesObject } from '@client-ts/apimachinery';
import type { ApiResponse } from '../api-request.js';
import { jsonResponse } from '../api-response.js';
import type { Call } from '../call.js';
import { decodeObject } from '../decode-object.js';
import { invalid } from '../rules/causes.js';
import { namedObject } from '../verbs/read-verbs.js';
import { formatTime } from '../writes/time-text.js';

interface TokenRequest extends KubernetesObject {
  readonly spec?: { readonly audiences?: readonly string[]; readonly expirationSeconds?: number };
}

const Kind = { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
const Issuer = 'https://kubernetes.default.svc';
const DefaultExpirationSeconds = 3600;
const MinExpirationSeconds = 600;

/** Gives a token for a service account. It is well formed, and nobody signed it: this server lets everybody in. */
export function requestToken(call: Call): ApiResponse {
  const { cluster, request, path } = call;
  const { spec = {}, metadata: sent }: TokenRequest = decodeObject(request, Kind, cluster.registry).object;
  const { name = '', namespace = '', uid = '', creationTimestamp = '' } = namedObject(call).object.metadata ?? {};
  if (sent?.name && sent.name !== path.name) {
    const problem = 'must match the service account name if specified';
    throw newInvalid(Kind, path.name, [invalid('metadata.name', sent.name, problem)]);
  }
  const { audiences = [Issuer], expirationSeconds = DefaultExpirationSeconds } = spec;
  if (expirationSeconds < MinExpirationSeconds) {
    const problem = 'may not specify a duration less than 10 minutes';
    throw newInvalid(Kind, '', [invalid('spec.expirationSeconds', expirationSeconds, problem)]);
  }
  const now = cluster.clock.now();
  const issuedAt = Math.floor(now / 1000);
  const token = unsignedToken({
    aud: audiences,
    exp: issuedAt + expirationSeconds,
    iat: issuedAt,
    iss: Issuer,
    'kubernetes.io': { namespace, serviceaccount: { name, uid } },
    nbf: issuedAt,
    sub: `system:serviceaccount:${namespace}:${name}`,
  });
  return jsonResponse(201, {
    kind: Kind.kind,
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, uid, creationTimestamp },
    spec: { audiences, expirationSeconds, boundObjectRef: null },
    status: { token, expirationTimestamp: formatTime(now + expirationSeconds * 1000) },
  });
}

function unsignedToken(claims: object): string {
  return `${base64Url({ alg: 'none' })}.${base64Url(claims)}.`;
}

function base64Url(value: object): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(JSON.stringify(value))) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
