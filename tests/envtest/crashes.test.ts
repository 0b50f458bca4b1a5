import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answers } from './answers.js';
import { describeReal } from './describe-real.js';

describeReal('servers of an environment', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  let admin: Clientset;
  beforeAll(async () => {
    environment = await Environment.start();
    admin = new Clientset(environment.config);
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test.each(['kube-apiserver', 'etcd'] as const)(
    '%s dies when killed, and is there again with its data',
    async (name) => {
      const url = name === 'etcd' ? environment.etcdUrl : environment.config.host;
      const configMaps = admin.coreV1().configMaps('default');
      const { metadata } = await configMaps.create({ metadata: { generateName: 'kept-' } });
      await environment.kill(name);
      expect(await answers(url)).toBe(false);
      await environment.kill(name);
      await environment.restart(name);
      expect(await configMaps.get(metadata?.name ?? '')).toMatchObject({ metadata: { uid: metadata?.uid } });
    },
  );

  test('are known by name', async () => {
    const message = 'there is no kube-controller-manager in this environment; there are etcd, kube-apiserver';
    await expect(environment.kill('kube-controller-manager')).rejects.toThrow(message);
    await expect(environment.restart('kube-controller-manager')).rejects.toThrow(message);
  });
});
