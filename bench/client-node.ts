import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';

/** The official client, for a server whose certificate the authority has issued. */
export function clientNode(server: string, ca: string): CoreV1Api {
  const config = new KubeConfig();
  const name = 'benchmark';
  config.loadFromOptions({
    clusters: [{ name, server, caData: Buffer.from(ca).toString('base64') }],
    users: [{ name }],
    contexts: [{ name, cluster: name, user: name }],
    currentContext: name,
  });
  return config.makeApiClient(CoreV1Api);
}
