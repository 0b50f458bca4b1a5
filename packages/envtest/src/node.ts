import type { Config } from '@client-ts/rest';
import type { Binaries } from './binaries.js';
import { type NodeAuthorities, type NodeLayout, writeKubeletFiles } from './kubelet-files.js';
import { containerRuntimeArgs, kubeletArgs } from './node-command-lines.js';
import { untilNodeReady, untilPodsKnown, untilRuntimeServes } from './node-readiness.js';
import { type ServerProcess, whileAlive } from './server-process.js';
import type { Servers } from './servers.js';

/** A kubelet, and the container runtime that it runs Pods with. */
export class Node {
  readonly #servers: Servers;
  readonly #layout: NodeLayout;
  readonly #config: Config;

  /** @param config - how the administrator reaches kube-apiserver. */
  constructor(servers: Servers, layout: NodeLayout, config: Config) {
    this.#servers = servers;
    this.#layout = layout;
    this.#config = config;
  }

  /** Resolves when Pods of the Node run. */
  async start(
    binaries: Pick<Binaries, 'kubelet' | 'containerRuntime'>,
    authorities: NodeAuthorities,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const servers = this.#servers;
    await writeKubeletFiles(this.#layout, this.#config.host, authorities);
    // A mount namespace of their own: what the two mount ends with them, and the machine never sees it.
    const runtime = [binaries.containerRuntime, ...containerRuntimeArgs(this.#layout)];
    const { pid } = servers.start('container-runtime', 'unshare', ['--mount', '--propagation=private', ...runtime]);
    await whileAlive(servers.processes, signal, (signal) => untilRuntimeServes(this.#layout, signal));
    const args = [`--target=${pid}`, '--mount', binaries.kubelet, ...kubeletArgs(this.#layout)];
    const kubelet = servers.start('kubelet', 'nsenter', args);
    await whileAlive(servers.processes, signal, async (signal) => {
      await withLastWords(kubelet, untilNodeReady(this.#layout, this.#config, signal));
    });
  }

  /** Resolves when a kubelet that has been started anew serves what its Pods are asked for. */
  async untilServing(kubelet: ServerProcess, signal: AbortSignal): Promise<void> {
    await withLastWords(kubelet, untilPodsKnown(this.#layout, this.#config, signal));
  }
}

/** A kubelet that goes on trying has not died, but its log says why it fails. */
async function withLastWords(server: ServerProcess, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${message}; the last words of ${server.name}:\n${server.lastWords}`, { cause });
  }
}
