import { ApiServer } from '@client-ts/apiserver';
import { listen } from '@client-ts/apiserver/node';
import { BinariesNotFoundError, Environment, findBinaries } from '@client-ts/envtest';
import { newTransport } from '@client-ts/transport';
import type { ServerUnderTest } from './case.js';

export interface Tier {
  readonly name: string;
  /** Why this tier cannot run here; `undefined` when it can. */
  readonly missing: string | undefined;
  start(): Promise<ServerUnderTest>;
}

/** The servers that have to agree. A difference is a bug of the one in memory. */
export const tiers: readonly Tier[] = [
  { name: 'in memory, in process', missing: undefined, start: startInProcess },
  { name: 'in memory, on a port', missing: undefined, start: startOnPort },
  realTier('1.37'),
  realTier('1.34'),
];

async function startInProcess(): Promise<ServerUnderTest> {
  const server = new ApiServer();
  return {
    config: { ...server.config(), onWarning: () => {} },
    compact: async () => server.compact(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function startOnPort(): Promise<ServerUnderTest> {
  const server = new ApiServer();
  const listener = await listen(server);
  const transport = newTransport();
  return {
    config: { ...listener.config(), transport, onWarning: () => {} },
    compact: async () => server.compact(),
    async [Symbol.asyncDispose]() {
      await transport[Symbol.asyncDispose]();
      await listener[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

function realTier(version: string): Tier {
  let missing: string | undefined;
  try {
    findBinaries({ version });
  } catch (error) {
    if (!(error instanceof BinariesNotFoundError)) throw error;
    missing = error.message;
  }
  return { name: `kube-apiserver ${version}`, missing, start: () => startReal(version) };
}

async function startReal(version: string): Promise<ServerUnderTest> {
  const environment = await Environment.start({ version, apiServerFlags: ForgetfulFlags });
  return {
    config: { ...environment.config, onWarning: () => {} },
    compact: () => compactEtcd(environment.etcdUrl),
    [Symbol.asyncDispose]: () => environment[Symbol.asyncDispose](),
  };
}

/**
 * A server remembers in its caches what etcd has been made to forget. Lists of the past go to etcd with these flags, and so
 * do watches of secrets, which is why the cases about forgetting use them.
 */
const ForgetfulFlags = ['--feature-gates=ListFromCacheSnapshot=false', '--watch-cache-sizes=secrets#0'];

/** Through etcd's JSON gateway: compacts up to the newest revision. */
async function compactEtcd(etcdUrl: string): Promise<void> {
  const post = async (path: string, body: object): Promise<{ header?: { revision?: string } }> => {
    const response = await fetch(`${etcdUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`etcd answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as { header?: { revision?: string } };
  };
  const { header } = await post('/v3/kv/range', { key: Buffer.from('/').toString('base64'), limit: 1 });
  await post('/v3/kv/compaction', { revision: header?.revision, physical: true });
}
