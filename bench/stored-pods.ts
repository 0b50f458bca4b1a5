import { type Pod, pods } from '@client-ts/api/core/v1';
import { NamespaceAll } from '@client-ts/apimachinery';
import type { Environment } from '@client-ts/envtest';
import { restClientFor } from '@client-ts/rest';

/** etcd takes no more in one transaction. */
const BatchSize = 100;

/**
 * Puts pods into etcd, where kube-apiserver finds them as if it had stored them. Resolves when its cache has them: a watch that
 * begins while they come would be closed for being slow.
 */
export async function storePods({ etcdUrl, config }: Environment, made: Iterable<Pod>): Promise<void> {
  let batch: object[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await askEtcd(etcdUrl, 'txn', { success: batch });
    batch = [];
  };
  for (const pod of made) {
    const key = `/registry/pods/${pod.metadata?.namespace}/${pod.metadata?.name}`;
    const stored = { ...pod, metadata: { ...pod.metadata, resourceVersion: undefined } };
    const value = Buffer.from(JSON.stringify(stored)).toString('base64');
    batch.push({ requestPut: { key: Buffer.from(key).toString('base64'), value } });
    if (batch.length === BatchSize) await flush();
  }
  await flush();
  await restClientFor(config).resource(pods, NamespaceAll).list({ fieldSelector: 'metadata.name=none' });
}

/** The newest version of anything. */
export async function revisionOf({ etcdUrl }: Environment): Promise<string> {
  return (await askEtcd(etcdUrl, 'range', { key: 'AA==' })).header.revision;
}

async function askEtcd(etcdUrl: string, what: string, body: object): Promise<{ header: { revision: string } }> {
  const response = await fetch(`${etcdUrl}/v3/kv/${what}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`etcd answered ${what} with ${response.status}: ${await response.text()}`);
  return (await response.json()) as { header: { revision: string } };
}
