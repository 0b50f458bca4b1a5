import { type Service, services } from '@client-ts/api/core/v1';
import { isConflict } from '@client-ts/apimachinery/errors';
import { ApiServer } from '@client-ts/apiserver';
import { extract } from '@client-ts/applyconfigurations';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import type { Config } from '@client-ts/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';

const owner = { fieldManager: 'owner' };
const other = { fieldManager: 'other' };

function client(config: Config) {
  return new Clientset(config).coreV1().services('default');
}

/** Two managers apply to one service: ports are elements of a list map, one of whose keys has a default. */
const cases: Readonly<Record<string, (config: Config) => Promise<void>>> = {
  async 'what was applied comes back, and to apply it again changes nothing'(config) {
    const applied = { metadata: { name: 'same', labels: { a: '1' } }, spec: { ports: [{ name: 'http', port: 80 }] } };
    await client(config).apply(applied, owner);
    await client(config).apply({ metadata: { name: 'same', labels: { b: '2' } } }, other);
    const current = await client(config).get('same');
    const configuration = extract(services, current, owner.fieldManager);
    expect(configuration).toMatchObject(applied);
    expect(configuration.metadata.labels).toEqual({ a: '1' });
    expect(configuration.spec).toEqual(applied.spec);
    expect(await client(config).apply(configuration, owner)).toEqual(current);
  },

  async 'a field that is taken out is given up, and those of others stay'(config) {
    const ports = [
      { name: 'http', port: 80 },
      { name: 'https', port: 443 },
    ];
    await client(config).apply({ metadata: { name: 'less', labels: { a: '1', b: '2' } }, spec: { ports } }, owner);
    await client(config).apply({ metadata: { name: 'less', labels: { c: '3' } } }, other);
    const configuration = extract(services, await client(config).get('less'), owner.fieldManager);
    delete configuration.metadata.labels?.['a'];
    configuration.spec?.ports?.pop();
    const updated: Service = await client(config).apply(configuration, owner);
    expect(updated.metadata?.labels).toEqual({ b: '2', c: '3' });
    expect(updated.spec?.ports?.map(({ port }) => port)).toEqual([80]);
  },

  async 'nothing is taken over from others'(config) {
    await client(config).apply({ metadata: { name: 'mine' }, spec: { ports: [{ port: 80 }] } }, owner);
    await client(config).apply({ metadata: { name: 'mine' }, spec: { sessionAffinity: 'ClientIP' } }, other);
    const configuration = extract(services, await client(config).get('mine'), owner.fieldManager);
    expect(configuration.spec).toEqual({ ports: [{ port: 80 }] });
    const greedy = { ...configuration, spec: { ...configuration.spec, sessionAffinity: 'None' as const } };
    await expect(client(config).apply(greedy, owner)).rejects.toSatisfy(isConflict);
  },
};

test.each(Object.entries(cases))('in memory: %s', async (_name, run) => {
  await using server = new ApiServer();
  await run(server.config());
});

describeReal('read, modify, apply on a real server', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start();
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test.each(Object.entries(cases))('%s', async (_name, run) => {
    await run(environment.config);
  });
});
