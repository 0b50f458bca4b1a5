import { Environment, findBinaries, missingKubelet } from '@client-ts/envtest';
import { exec } from '@client-ts/remotecommand';
import { openWebSocket, restClientFor } from '@client-ts/rest';
import { runPod } from '../tests/remotecommand/pods.js';
import type { Benchmark, Contender } from './benchmark.js';
import { measureProcess } from './measured-process.js';
import { missingServer } from './missing-server.js';

const MiB = 2 ** 20;

/** What a process in a container writes, through kube-apiserver and kubelet. */
export const execStdout: Benchmark = {
  name: 'exec-stdout',
  title: 'what a process in a container writes, through kube-apiserver and kubelet',
  unit: 'mebibyte',
  size: 256,
  heavy: true,
  missing: () => missingServer() ?? missingKubelet(),
  async prepare(size) {
    const environment = await Environment.start({ kubelet: true });
    try {
      await runPod(environment.config, 'web', { command: ['sleep', '3600'] });
      const contenders = contendersOf(environment, size);
      return { contenders, [Symbol.asyncDispose]: () => environment[Symbol.asyncDispose]() };
    } catch (error) {
      await environment[Symbol.asyncDispose]();
      throw error;
    }
  },
};

function contendersOf({ config, kubeconfig }: Environment, size: number): readonly [Contender, ...Contender[]] {
  const { kubectl } = findBinaries({ needs: ['kubectl'] });
  const command = ['head', '-c', String(size * MiB), '/dev/zero'];
  const flags = ['--kubeconfig', kubeconfig, 'exec', 'web', '--', ...command];
  return [
    {
      name: 'peer: kubectl exec > /dev/null',
      // From its start to its end; that it ends well has to do for all of it.
      async run() {
        const { wallMs, cpuMs } = await measureProcess('sh', ['-c', '"$@" > /dev/null', 'sh', kubectl, ...flags]);
        return { units: size, spent: { wallMs, cpuMs, stallMs: NaN } };
      },
    },
    {
      name: 'the messages of a WebSocket',
      async run() {
        const target = {
          group: '',
          version: 'v1',
          resource: 'pods',
          namespace: 'default',
          name: 'web',
          subresource: 'exec',
        };
        const request = { target, query: { command, stdout: true }, headers: { accept: '*/*' } };
        const socket = await openWebSocket(restClientFor(config), request, { protocols: ['v5.channel.k8s.io'] });
        let bytes = 0;
        for await (const message of socket.messages) if (message[0] === 1) bytes += message.length - 1;
        return { units: bytes / MiB };
      },
    },
    {
      name: 'exec().stdout',
      async run() {
        await using process = await exec(config, { namespace: 'default', pod: 'web', command, stderr: false });
        let bytes = 0;
        for await (const chunk of process.stdout) bytes += chunk.length;
        return { units: bytes / MiB };
      },
    },
  ];
}
