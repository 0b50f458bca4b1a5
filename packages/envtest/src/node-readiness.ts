import { access } from 'node:fs/promises';
import path from 'node:path';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { type Config, type RestClient, restClientFor } from '@client-ts/rest';
import type { NodeLayout } from './kubelet-files.js';
import { pollUntil } from './poll-until.js';

/** A cold disk and a busy machine included; a Node is ready within 2 s. */
const StartTimeoutMs = 60_000;

interface Node extends KubernetesObject {
  readonly status?: {
    readonly addresses?: readonly { readonly type: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

interface PodList {
  /** `null` when kubelet has none. */
  readonly items: readonly { readonly metadata: { readonly uid: string } }[] | null;
}

export async function untilRuntimeServes({ directory }: NodeLayout, signal: AbortSignal): Promise<void> {
  const serves = async (): Promise<boolean> => {
    await access(path.join(directory, 'cri.sock'));
    return true;
  };
  await pollUntil('the container runtime to serve', StartTimeoutMs, serves, signal);
}

/** Gives the Node its address as well. */
export async function untilNodeReady({ name, ip }: NodeLayout, config: Config, signal: AbortSignal): Promise<void> {
  const client = restClientFor(config);
  const target = `/api/v1/nodes/${name}`;
  const isReady = async (): Promise<boolean> => {
    const { status } = await client.json<Node>({ method: 'GET', target }, { signal });
    if (!status?.addresses?.some(({ type }) => type === 'InternalIP')) {
      await provideAddress(client, target, ip, signal);
      return false;
    }
    const ready = status.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status === 'True') return true;
    throw new Error(ready?.message ?? 'it has no condition Ready');
  };
  await pollUntil(`Node ${name} to be ready`, StartTimeoutMs, isReady, signal);
}

/** What a cloud's controllers do for a Node: give it an address, which the kubelet then keeps, and take its taint away. */
async function provideAddress(client: RestClient, target: string, ip: string, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  const status = { addresses: [{ type: 'InternalIP', address: ip }] };
  await client.json({ method: 'PATCH', target: `${target}/status`, headers, body: { status } }, { signal });
  await client.json({ method: 'PATCH', target, headers, body: { spec: { taints: null } } }, { signal });
}

/** A kubelet refuses what is asked of Pods that it has not been told of yet. */
export async function untilPodsKnown(layout: NodeLayout, config: Config, signal: AbortSignal): Promise<void> {
  const { name, ip, port } = layout;
  const server = restClientFor(config);
  const kubelet = restClientFor({ ...config, host: `https://${ip}:${port}` });
  const query = { fieldSelector: `spec.nodeName=${name}` };
  const isKnown = async (): Promise<boolean> => {
    const known = await kubelet.json<PodList>({ method: 'GET', target: '/pods' }, { signal });
    const there = await server.json<PodList>({ method: 'GET', target: '/api/v1/pods', query }, { signal });
    const uids = new Set(known.items?.map(({ metadata }) => metadata.uid));
    return there.items?.every(({ metadata }) => uids.has(metadata.uid)) ?? true;
  };
  await pollUntil(`the kubelet of ${name} to know its Pods`, StartTimeoutMs, isKnown, signal);
}
