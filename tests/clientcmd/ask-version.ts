import { loadConfig, type LoadOptions } from '@client-ts/clientcmd';
import { openWebSocket, restClientFor } from '@client-ts/rest';
import type { RecordingServer, Seen } from './recording-server.js';

/** What `kubectl get --raw /version` asks. */
export async function askVersion(options: LoadOptions): Promise<void> {
  const config = await loadConfig(options);
  await using _transport = config.transport;
  await restClientFor(config).json({ method: 'GET', target: '/version' });
}

/** Asks for a WebSocket in the same place: a recording server sees that, and refuses. */
export async function askWebSocket(options: LoadOptions): Promise<void> {
  const config = await loadConfig(options);
  await using _transport = config.transport;
  await openWebSocket(restClientFor(config), { target: '/version' }, { protocols: ['v5.channel.k8s.io'] });
}

/** A kubeconfig with one context, for a recording server. JSON is YAML too. */
export function kubeconfigOf(server: RecordingServer, user: object, cluster: object = {}): string {
  const reachable = { server: `https://127.0.0.1:${server.port}`, 'certificate-authority-data': toBase64(server.ca) };
  return JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { ...reachable, ...cluster } }],
    users: [{ name: 'c', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  });
}

export function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** What was seen, but for what differs from one client to the next. */
export function seen(server: RecordingServer, pathPrefix?: string): Omit<Seen, 'connection'>[] {
  return server.take(pathPrefix).map(({ path, serverName, certificateOf, encoding, identity }) => {
    return { path, serverName, certificateOf, encoding, identity };
  });
}
