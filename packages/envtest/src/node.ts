import { access } from 'node:fs/promises';
import path from 'node:path';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { type Config, type RestClient, restClientFor } from '@client-ts/rest';
import type { Binaries } from './binaries.js';
import { containerRuntimeArgs, kubeletArgs } from './node-command-lines.js';
import { type NodeAuthorities, type NodeLayout, writeKubeletFiles } from './kubelet-files.js';
import { pollUntil } from './poll-until.js';
import { whileAlive } from './server-process.js';
import type { Servers } from './servers.js';

/** A cold disk and a busy machine included; a Node is ready within 5 s. */
const StartTimeoutMs = 60_000;

interface Node extends KubernetesObject {
  readonly status?: {
    readonly addresses?: readonly { readonly type: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/** Starts a container runtime and a kubelet; resolves when their Node is ready. */
export async function startNode(
  servers: Servers,
  binaries: Pick<Binaries, 'kubelet' | 'containerRuntime'>,
  layout: NodeLayout,
  config: Config,
  authorities: NodeAuthorities,
  signal: AbortSignal | undefined,
): Promise<void> {
  await writeKubeletFiles(layout, config.host, authorities);
  // A mount namespace of its own: what the two mount ends with them, and the machine never sees it.
  const runtime = [binaries.containerRuntime, ...containerRuntimeArgs(layout)];
  servers.start('container-runtime', 'unshare', ['--mount', '--propagation=private', ...runtime]);
  await whileAlive(servers.processes, signal, (signal) => untilServed(layout, signal));
  const pid = servers.pidOf('container-runtime');
  const kubelet = [binaries.kubelet, ...kubeletArgs(layout)];
  servers.start('kubelet', 'nsenter', [`--target=${pid}`, '--mount', ...kubelet]);
  await whileAlive(servers.processes, signal, (signal) => untilNodeReady(layout, config, signal));
}

async function untilServed({ directory }: NodeLayout, signal: AbortSignal): Promise<void> {
  const isServed = async (): Promise<boolean> => {
    await access(path.join(directory, 'cri.sock'));
    return true;
  };
  await pollUntil('the container runtime to serve', StartTimeoutMs, isServed, signal);
}

async function untilNodeReady({ name, ip }: NodeLayout, config: Config, signal: AbortSignal): Promise<void> {
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
    throw new Error(ready?.message ?? 'no condition Ready');
  };
  await pollUntil(`Node ${name} to be ready`, StartTimeoutMs, isReady, signal);
}

/** What the cloud's controllers do for a Node: an address that the kubelet keeps, and no taint any more. */
async function provideAddress(client: RestClient, target: string, ip: string, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  const status = { addresses: [{ type: 'InternalIP', address: ip }] };
  await client.json({ method: 'PATCH', target: `${target}/status`, headers, body: { status } }, { signal });
  await client.json({ method: 'PATCH', target, headers, body: { spec: { taints: null } } }, { signal });
}
