import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { runDemo } from './run-demo.js';

describeReal('the demo on a real kube-apiserver', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start();
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  test('the story ends well, and nothing is left behind', async () => {
    const { code, stdout, stderr } = await runDemo(['--kubeconfig', environment.kubeconfig]);
    expect(code, stdout + stderr).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('The end state is right.');

    const clientset = new Clientset(environment.config);
    const { items: crds } = await clientset.apiextensionsV1().customResourceDefinitions().list();
    expect(crds.filter(({ metadata }) => metadata?.deletionTimestamp === undefined)).toEqual([]);
    const { items: namespaces } = await clientset.coreV1().namespaces().list();
    const left = namespaces.filter(
      ({ metadata, status }) => metadata?.name?.startsWith('website-demo-') && status?.phase !== 'Terminating',
    );
    expect(left).toEqual([]);
  });
});
