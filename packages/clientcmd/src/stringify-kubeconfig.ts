import type { Config } from '@client-ts/rest';

/**
 * A kubeconfig with one context, for kubectl and for `loadConfig`. It holds the credentials themselves: write it where
 * only its owner can read it.
 *
 * Rejects with a TypeError for a token that only a function knows: it has no place in a file.
 *
 * @param name - of the context, its cluster and its user.
 */
export async function stringifyKubeconfig(
  config: Config & { readonly namespace?: string },
  name = 'client-ts',
): Promise<string> {
  const { host, tls = {}, bearerToken, username, password, proxyUrl, impersonate, namespace } = config;
  if (typeof bearerToken === 'function')
    throw new TypeError('config.bearerToken: expected a string to write into a kubeconfig, got a function');
  const base64 = (pem: string | undefined): string | undefined => pem && Buffer.from(pem).toString('base64');
  const { stringifyYaml } = await import('@client-ts/serializer/yaml');
  return stringifyYaml({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [
      {
        name,
        cluster: {
          server: host,
          'certificate-authority-data': base64(tls.ca),
          'tls-server-name': tls.serverName,
          'insecure-skip-tls-verify': tls.insecure || undefined,
          'proxy-url': proxyUrl,
        },
      },
    ],
    users: [
      {
        name,
        user: {
          'client-certificate-data': base64(tls.cert),
          'client-key-data': base64(tls.key),
          token: bearerToken,
          username,
          password,
          as: impersonate?.userName,
          'as-uid': impersonate?.uid,
          'as-groups': impersonate?.groups,
          'as-user-extra': impersonate?.extra,
        },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
  });
}
