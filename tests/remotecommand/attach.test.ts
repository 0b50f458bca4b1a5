import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { Environment } from '@client-ts/envtest';
import { attach, type Attachment, type StreamOptions } from '@client-ts/remotecommand';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { runPod } from './pods.js';
import { textDecoder } from './text-decoder.js';

/** Says what it was told, on both outputs, and ends with its stdin. */
const Echo = ['sh', '-c', 'while read -r line; do echo "out $line"; echo "err $line" >&2; done; exit 4'];

describeKubelet('attach through kube-apiserver and kubelet', ({ kubectl }) => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start({ kubelet: true });
  });
  afterAll(() => environment?.[Symbol.asyncDispose]());

  const to = (pod: string, options: Partial<StreamOptions> = {}): Promise<Attachment> =>
    attach(environment.config, { namespace: 'default', pod, ...options });

  test('gives what kubectl gives, and tells the process that it was all', async () => {
    const container = { command: Echo, stdin: true, stdinOnce: true };
    await Promise.all(['ours', 'theirs'].map((name) => runPod(environment.config, name, container)));
    await using attachment = await to('ours', { stdin: 'one\ntwo\n' });
    const ours = await Promise.all([text(attachment.stdout), text(attachment.stderr!), attachment.ended]);

    const env = { KUBECONFIG: environment.kubeconfig, HOME: '/nonexistent' };
    const child = spawn(kubectl, ['attach', '-i', 'theirs'], { env });
    child.stdin.end('one\ntwo\n');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(ours).toEqual(['out one\nout two\n', 'err one\nerr two\n', undefined]);
    expect([stdout, stderr.endsWith(ours[1])]).toEqual([ours[0], true]);
  });

  test('lets go of a process, which runs on, and attaches to it again, on a terminal', async () => {
    await runPod(environment.config, 'terminal', { command: ['cat'], stdin: true, tty: true });
    for (const word of ['once', 'twice']) {
      await using attachment = await to('terminal', { stdin: true, tty: true });
      attachment.resize({ width: 100, height: 30 });
      const writer = attachment.stdin!.getWriter();
      let screen = '';
      await writer.write(`${word}\n`);
      for await (const piece of attachment.stdout.pipeThrough(textDecoder())) {
        screen += piece;
        // Its echo, and what cat says: the end of a line may come in a piece of its own.
        if (screen.split(`${word}\r\n`).length === 3) break;
      }
      expect(screen).toBe(`${word}\r\n${word}\r\n`);
    }
  });

  test('says why it cannot attach', async () => {
    await expect(to('none')).rejects.toMatchObject({ name: 'StatusError', message: 'pods "none" not found' });
  });
});
