import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { stringifyKubeconfig } from '@client-ts/clientcmd';
import type { Config } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { type Binaries, type BinariesOptions, findBinaries } from './binaries.js';
import type { CertificateAuthority } from './certificate-authority.js';
import { etcdArgs, kubeApiserverArgs, kubeControllerManagerArgs, type Layout } from './command-lines.js';
import { freePort } from './free-port.js';
import { installCRDs } from './install-crds.js';
import { type NodeLayout, writeKubeletClient } from './kubelet-files.js';
import { missingKubelet } from './missing-kubelet.js';
import { Node } from './node.js';
import { untilControlled, untilReady } from './readiness.js';
import { type ServerProcess, whileAlive } from './server-process.js';
import { Servers } from './servers.js';
import { Watchdog } from './watchdog.js';
import { writeSecrets } from './write-secrets.js';

/** The Node that the kubelet is. */
const NodeName = 'node-1';

/** Two processes may still be given one port by others who do not reserve: then everything is started anew. */
const MaxAttempts = 3;

export interface EnvironmentOptions extends BinariesOptions {
  /** Flags to add to kube-apiserver's, such as `--feature-gates=…`; a flag given twice counts with its last value. */
  readonly apiServerFlags?: readonly string[] | undefined;
  /** Run kube-controller-manager too: Deployments become Pods, garbage is collected. Default: false. */
  readonly controllerManager?: boolean | undefined;
  /**
   * Run a kubelet too, the Node `node-1`: Pods with `spec.nodeName: 'node-1'` run as processes of this machine. Needs what
   * `missingKubelet()` looks for. Default: false.
   */
  readonly kubelet?: boolean | KubeletOptions | undefined;
  /** CustomResourceDefinitions to install. */
  readonly crds?: readonly KubernetesObject[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface KubeletOptions {
  /**
   * An IPv4 address of this machine, which the Node has, and its Pods with `hostNetwork`. Default: 127.0.0.1, to which nobody
   * else can connect, but which kube-apiserver's proxy of Nodes, Pods and Services refuses.
   */
  readonly ip?: string | undefined;
  /** Flags to add to the kubelet's, such as `--feature-gates=…`. */
  readonly flags?: readonly string[] | undefined;
}

/** A server of an environment, by the name of its program. */
export type ServerName = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kubelet';

export interface User {
  readonly name: string;
  readonly groups?: readonly string[] | undefined;
}

/**
 * A real etcd and kube-apiserver on loopback, with data, ports and authorities of their own. Any number may run at once.
 *
 * Disposing ends them and removes their files. They end too when the process that started them dies, however it dies.
 */
export class Environment implements AsyncDisposable {
  /** How its administrator (group `system:masters`) reaches it. */
  readonly config: Config;
  /** Path of the administrator's kubeconfig file, for kubectl. */
  readonly kubeconfig: string;
  /** Base URL of etcd's client port; plain HTTP. */
  readonly etcdUrl: string;
  readonly #clientAuthority: CertificateAuthority;
  readonly #servers: Servers;
  readonly #node: Node | undefined;
  readonly #close: () => Promise<void>;
  #closed: Promise<void> | undefined;
  /** Those whose transports are closed at the end. */
  readonly #configs: Config[];

  private constructor(parts: {
    config: Config;
    kubeconfig: string;
    etcdUrl: string;
    clientAuthority: CertificateAuthority;
    servers: Servers;
    node: Node | undefined;
    close: () => Promise<void>;
    configs: Config[];
  }) {
    this.config = parts.config;
    this.kubeconfig = parts.kubeconfig;
    this.etcdUrl = parts.etcdUrl;
    this.#clientAuthority = parts.clientAuthority;
    this.#servers = parts.servers;
    this.#node = parts.node;
    this.#close = parts.close;
    this.#configs = parts.configs;
  }

  /**
   * Resolves when the server is ready and the CRDs are served.
   *
   * Rejects with a `BinariesNotFoundError`; with what `missingKubelet()` says when a kubelet is wanted; and with the last lines
   * of its log when a server dies.
   */
  static async start(options: EnvironmentOptions = {}): Promise<Environment> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await Environment.#startOnce(options);
      } catch (error) {
        const portTaken = /address already in use/.test((error as Error).message);
        if (!portTaken || attempt === MaxAttempts) throw error;
      }
    }
  }

  static async #startOnce(options: EnvironmentOptions): Promise<Environment> {
    const { signal, apiServerFlags = [], controllerManager = false, crds = [] } = options;
    signal?.throwIfAborted();
    const binaries = findBinaries(options);
    const controllers = controllerManager && findBinaries({ ...options, needs: ['kubeControllerManager'] });
    const wanted = wantedNode(options);
    const directory = await mkdtemp(path.join(tmpdir(), 'client-ts-envtest-'));
    const watchdog = new Watchdog(directory);
    const servers = new Servers(watchdog);
    const start = (name: ServerName, command: string, args: readonly string[]): ServerProcess =>
      servers.start(name, command, args);
    const configs: Config[] = [];
    const close = async (): Promise<void> => {
      for (const config of configs.splice(0)) await config.transport?.[Symbol.asyncDispose]();
      await servers.stop();
      await rm(directory, { recursive: true, force: true });
      await watchdog.release();
    };
    try {
      const etcdUrl = `http://127.0.0.1:${await freePort()}`;
      const layout: Layout = { directory, etcdUrl, securePort: await freePort() };
      const authorities = await writeSecrets(directory);
      const { clientAuthority, servingAuthority } = authorities;
      const admin = { name: 'admin', groups: ['system:masters'] };
      const host = `https://127.0.0.1:${layout.securePort}`;
      const config = await userConfig(host, servingAuthority.cert, clientAuthority, admin);
      configs.push(config);
      const kubeconfig = path.join(directory, 'kubeconfig');
      await writeFile(kubeconfig, await stringifyKubeconfig(config, 'envtest'), { mode: 0o600 });

      start('etcd', binaries.etcd, etcdArgs(layout));
      if (wanted) await writeKubeletClient(directory, clientAuthority);
      start('kube-apiserver', binaries.kubeApiserver, [...kubeApiserverArgs(layout, wanted?.ip), ...apiServerFlags]);
      await whileAlive(servers.processes, signal, (signal) => untilReady(config, signal));
      if (controllers) {
        const args = kubeControllerManagerArgs(layout, kubeconfig);
        start('kube-controller-manager', controllers.kubeControllerManager, args);
        await whileAlive(servers.processes, signal, (signal) => untilControlled(config, signal));
      }
      let node: Node | undefined;
      if (wanted) {
        const place = { directory: path.join(directory, 'node'), name: NodeName, ip: wanted.ip };
        node = new Node(servers, { ...place, port: await freePort(), flags: wanted.flags }, config);
        await node.start(wanted.binaries, authorities, signal);
      }
      await whileAlive(servers.processes, signal, (signal) => installCRDs(config, crds, signal));
      return new Environment({ config, kubeconfig, etcdUrl, clientAuthority, servers, node, close, configs });
    } catch (error) {
      await close();
      throw error;
    }
  }

  /** The config of a user with a client certificate of his own. What he may do is for RBAC to say. */
  async addUser(user: User): Promise<Config> {
    const { host, tls } = this.config;
    const config = await userConfig(host, tls?.ca ?? '', this.#clientAuthority, user);
    this.#configs.push(config);
    return config;
  }

  /** Creates CustomResourceDefinitions; resolves when their resources are served. */
  installCRDs(crds: readonly KubernetesObject[], options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    return installCRDs(this.config, crds, options.signal);
  }

  /**
   * Ends a server as a crash does, without a word; resolves when it is dead. What it had stored stays.
   *
   * Rejects when the environment has no such server.
   */
  kill(server: ServerName): Promise<void> {
    return this.#servers.kill(server);
  }

  /**
   * Starts a server anew as it was started first, with its flags, port and data; one that still runs is killed before.
   * Resolves when kube-apiserver is ready, and, after the kubelet's start, when that knows its Pods; they ran on.
   *
   * Rejects when the environment has no such server, and with the last lines of its log when it dies.
   */
  async restart(server: ServerName, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    const process = await this.#servers.restart(server);
    await whileAlive([process], signal, async (signal) => {
      await untilReady(this.config, signal);
      if (server === 'kubelet') await this.#node?.untilServing(process, signal);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#closed ??= this.#close());
  }
}

interface WantedNode extends Pick<NodeLayout, 'ip' | 'flags'> {
  readonly binaries: Pick<Binaries, 'kubelet' | 'containerRuntime'>;
}

/** @throws Error when a Node is wanted that cannot be had here. */
function wantedNode(options: EnvironmentOptions): WantedNode | undefined {
  const { kubelet = false } = options;
  if (kubelet === false) return undefined;
  const { ip = '127.0.0.1', flags = [] } = kubelet === true ? {} : kubelet;
  if (!isIPv4(ip)) throw new TypeError(`kubelet.ip must be an IPv4 address, and is ${JSON.stringify(ip)}`);
  const binaries = findBinaries({ ...options, needs: ['kubelet', 'containerRuntime'] });
  const obstacle = missingKubelet(options);
  if (obstacle !== undefined) throw new Error(obstacle);
  return { ip, flags, binaries };
}

async function userConfig(
  host: string,
  ca: string,
  authority: CertificateAuthority,
  { name, groups }: User,
): Promise<Config> {
  const { cert, key } = await authority.issue({ commonName: name, organizations: groups });
  const tls = { ca, cert, key };
  return { host, tls, transport: newTransport({ tls }) };
}
