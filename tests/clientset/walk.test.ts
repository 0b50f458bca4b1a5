import { schema as inMemorySchema } from '@client-ts/api/schema';
import { schema } from '@client-ts/api/schema/all';
import { formatGroupVersion } from '@client-ts/apimachinery';
import { ApiServer } from '@client-ts/apiserver';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import { type Config, restClientFor } from '@client-ts/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { type Row, Walk } from './row.js';
import { nameOf, rows } from './rows.js';
import { type Served, servedResources, servedTypes } from './served.js';
import { knownFields, servedFields } from './served-types.js';
import { walk } from './walk.js';

/** Resources of discovery without a row. */
const without: Readonly<Record<string, string>> = {
  'v1 bindings': 'binds a pod to a node; the subresource of pods does the same, and is tested with the expansions',
  'v1 componentstatuses': 'cannot be written; the server makes it up from probes of components that do not run',
};

/** The name of the type of a row's objects, in the facts. */
function typeOf({ descriptor: { group, version, resource } }: Row): string {
  const groupVersion = schema.groupVersions.find((known) => known.group === group && known.version === version);
  return groupVersion?.resources.find(({ name }) => name === resource)?.type ?? '';
}

interface Server extends AsyncDisposable {
  readonly config: Config;
}

function defineWalk(start: () => Promise<Server>, rows: readonly Row[], isComplete: boolean): void {
  let server: Server;
  let served: ReadonlyMap<string, Served>;

  beforeAll(async () => {
    server = await start();
    await new Clientset(server.config)
      .coreV1()
      .namespaces()
      .create({ metadata: { name: Walk } });
    served = await servedResources(restClientFor(server.config));
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.runIf(isComplete)('each have a row here, or a reason for having none', () => {
    expect([...rows.map(nameOf), ...Object.keys(without)].toSorted()).toEqual([...served.keys()].toSorted());
  });

  test.runIf(isComplete)('have the types that were generated', async () => {
    const types = await servedTypes(restClientFor(server.config));
    expect([...types.keys()].toSorted()).toEqual(Object.keys(schema.types).toSorted());
    const names = [...types.keys()];
    expect(names.map((name) => [name, ...knownFields(schema.types[name] ?? {})])).toEqual(
      names.map((name) => [name, ...servedFields(types.get(name) ?? {})]),
    );
  });

  test.for(rows.map((row) => [nameOf(row), row] as const))('%s', async ([name, row], { skip }) => {
    const resource = served.get(name);
    if (!resource) return skip('this server does not have it');
    expect(await walk(row, typeOf(row), resource, server.config)).toEqual([]);
  });
}

function inMemory(): Promise<Server> {
  const server = new ApiServer();
  return Promise.resolve({
    config: server.config(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}

/** Every version of every group is on, and every feature. */
function real(version: string): Promise<Server> {
  const apiServerFlags = ['--runtime-config=api/all=true', '--feature-gates=AllAlpha=true,AllBeta=true'];
  return Environment.start({ version, apiServerFlags });
}

describe('the resources of the server in memory', () => {
  const versions = new Set(inMemorySchema.groupVersions.map(formatGroupVersion));
  const served = rows.filter(({ descriptor }) => versions.has(formatGroupVersion(descriptor)));
  defineWalk(inMemory, served, false);
});

/** The release that the types are made from, and the oldest that is supported, which has less. */
for (const [version, isComplete] of [
  ['1.37', true],
  ['1.34', false],
] as const) {
  const name = `the resources of kube-apiserver ${version}`;
  describeReal(name, ['etcd', 'kubeApiserver'], () => defineWalk(() => real(version), rows, isComplete), version);
}
