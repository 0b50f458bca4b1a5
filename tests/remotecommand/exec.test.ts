import { Environment } from '@client-ts/envtest';
import { exec } from '@client-ts/remotecommand';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { defineAttachCases } from './attach-cases.js';
import { defineExecCases } from './exec-cases.js';
import { runPod } from './pods.js';
import { digest } from './random-bytes.js';

const Where = { namespace: 'default', pod: 'web' };

describeKubelet('streams over WebSockets through to the kubelet', ({ kubectl }) => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start({ kubelet: true });
    await runPod(environment.config, 'web', { command: ['sleep', '3600'] });
  });
  afterAll(() => environment?.[Symbol.asyncDispose]());

  defineAttachCases(() => environment, kubectl);

  const everyCode = Array.from({ length: 256 }, (_, code) => code);
  defineExecCases(() => environment, kubectl, everyCode);

  test('a kube-apiserver that is killed in the middle is a lost connection; the next one serves on', async () => {
    await using process = await exec(environment.config, { ...Where, command: ['yes'] });
    const reading = digest(process.stdout);
    await Promise.all([
      expect(reading).rejects.toMatchObject({ name: 'TransportError' }),
      expect(process.exit).rejects.toMatchObject({ name: 'TransportError' }),
      environment.kill('kube-apiserver'),
    ]);
    await environment.restart('kube-apiserver');
    await using next = await exec(environment.config, { ...Where, command: ['true'] });
    expect(await next.exit).toEqual({ code: 0 });
  });
});
