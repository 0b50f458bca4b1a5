import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApiServer } from '@client-ts/apiserver';
import { listen } from '@client-ts/apiserver/node';
import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import { isAlreadyExists } from '@client-ts/apimachinery/errors';
import { loadConfig } from '@client-ts/clientcmd';
import { Clientset } from '@client-ts/clientset';
import type { Config } from '@client-ts/rest';
import { FaultInjector, watches } from '@client-ts/testing';
import { newTransport } from '@client-ts/transport';
import type { DemoOptions } from './cli.js';
import { describeError } from './describe-error.js';
import type { Narrator } from './narrator.js';
import { observe } from './observe.js';
import { websiteCRD } from './website.js';

/** Where the story takes place: an API server with the CRD installed, and a namespace of its own. */
export interface Cluster extends AsyncDisposable {
  readonly config: Config;
  /** The same server through a connection that the story can break. */
  readonly controllerConfig: Config;
  readonly namespace: string;
  readonly dropWatches: () => number;
  /** A kubeconfig file for kubectl, which lives as long as the cluster. */
  readonly kubeconfig: string | undefined;
}

/** Opens the cluster that the command line asks for. Disposing it removes all that the demo made. */
export async function openCluster(options: DemoOptions, narrator: Narrator, signal: AbortSignal): Promise<Cluster> {
  const server = options.kubeconfig === undefined ? await startInMemory() : await connect(options);
  const undo: (() => Promise<unknown>)[] = [() => server.close()];
  /** What cannot be removed does not keep the rest from being removed. */
  const dispose = async (): Promise<void> => {
    const problems: unknown[] = [];
    for (const step of undo.splice(0).toReversed()) await step().catch((error: unknown) => problems.push(error));
    if (problems.length > 0) throw problems[0];
  };
  try {
    const { config } = server;
    narrator.act(`API server at ${config.host}`);
    const clientset = new Clientset(config);
    const crds = clientset.apiextensionsV1().customResourceDefinitions();
    if (await installCRD(clientset, signal)) undo.push(() => crds.delete(websiteCRD.metadata?.name ?? ''));
    narrator.check(`CRD ${websiteCRD.metadata?.name} is served`);

    const namespaces = clientset.coreV1().namespaces();
    const namespace =
      (await namespaces.create({ metadata: { generateName: 'website-demo-' } }, { signal })).metadata?.name ?? '';
    undo.push(() => namespaces.delete(namespace));

    const faults = new FaultInjector(config.transport);
    return {
      config,
      controllerConfig: { ...config, transport: faults },
      namespace,
      dropWatches: () => faults.cut('reset', watches),
      kubeconfig: server.kubeconfig,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose().catch((problem: unknown) => narrator.note(`cleaning up failed: ${describeError(problem)}`));
    throw error;
  }
}

interface Server {
  readonly config: Config & { readonly transport: NonNullable<Config['transport']> };
  readonly kubeconfig?: string;
  close(): Promise<void>;
}

async function startInMemory(): Promise<Server> {
  const server = new ApiServer();
  const listener = await listen(server);
  const transport = newTransport();
  const directory = await mkdtemp(path.join(tmpdir(), 'client-ts-demo-'));
  const kubeconfig = path.join(directory, 'kubeconfig');
  await writeFile(kubeconfig, listener.kubeconfig(), { mode: 0o600 });
  return {
    config: { ...listener.config(), transport },
    kubeconfig,
    async close() {
      await transport[Symbol.asyncDispose]();
      await listener[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

async function connect(options: DemoOptions): Promise<Server> {
  const config = await loadConfig({ kubeconfig: options.kubeconfig, context: options.context });
  const transport = config.transport ?? newTransport();
  return { config: { ...config, transport }, close: async () => transport[Symbol.asyncDispose]() };
}

/** Resolves when the CRD is served; says whether this call created it, or found it there. */
async function installCRD(clientset: Clientset, signal: AbortSignal): Promise<boolean> {
  const crds = clientset.apiextensionsV1().customResourceDefinitions();
  let created = true;
  try {
    await crds.create(websiteCRD, { signal });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    created = false;
  }
  await observe<CustomResourceDefinition>(crds, websiteCRD.metadata?.name ?? '', isEstablished, signal);
  return created;
}

function isEstablished(crd: CustomResourceDefinition | undefined): boolean {
  const conditions = crd?.status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True');
}
