import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Environment } from '@client-ts/envtest';
import { copyFromPod, copyToPod } from '@client-ts/remotecommand/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runKubectl } from '../clientcmd/kubectl.js';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { defineAttachCases } from './attach-cases.js';
import { defineExecCases } from './exec-cases.js';
import { runPod } from './pods.js';
import { digest, MiB, randomMebibytes } from './random-bytes.js';

const Version = '1.34';

/** Those that shells and runtimes make something of, and the ends. */
const SomeCodes = [0, 1, 2, 126, 127, 128, 130, 137, 143, 254, 255];

// kubelets of this version speak SPDY alone: kube-apiserver translates.
describeKubelet(
  'streams that kube-apiserver translates for the kubelet',
  ({ kubectl }) => {
    let environment: Environment;
    beforeAll(async () => {
      environment = await Environment.start({ kubelet: true, version: Version });
      await runPod(environment.config, 'web', { command: ['sleep', '3600'] });
    });
    afterAll(() => environment?.[Symbol.asyncDispose]());

    test('copy a file there and back, by kubectl and by this', async () => {
      const local = await mkdtemp(path.join(tmpdir(), 'copy-test-'));
      try {
        const here = (name: string): string => path.join(local, name);
        const hash = createHash('sha256');
        await writeFile(here('file'), randomMebibytes(8, hash));
        const pod = { namespace: 'default', pod: 'web' };
        const cp = async (from: string, to: string): Promise<void> => {
          const env = { KUBECONFIG: environment.kubeconfig, HOME: '/nonexistent', PATH: '/usr/bin:/bin' };
          expect(await runKubectl(kubectl, ['cp', from, to], env)).toMatchObject({ code: 0 });
        };
        await copyToPod(environment.config, { ...pod, from: here('file'), to: '/tmp/ours' });
        await cp(here('file'), 'default/web:/tmp/theirs');
        await copyFromPod(environment.config, { ...pod, from: '/tmp/theirs', to: here('theirs') });
        await cp('default/web:/tmp/ours', here('ours'));
        const whole = { size: 8 * MiB, sha256: hash.digest('hex') };
        for (const name of ['ours', 'theirs']) expect(await digest(createReadStream(here(name)))).toEqual(whole);
      } finally {
        await rm(local, { recursive: true });
      }
    });

    defineAttachCases(() => environment, kubectl);
    defineExecCases(() => environment, kubectl, SomeCodes);
  },
  Version,
);
