import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Environment } from '@client-ts/envtest';
import { exec, type ExecOptions, type RemoteProcess } from '@client-ts/remotecommand';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KubectlResult, runKubectl } from '../clientcmd/kubectl.js';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { runPod } from './pods.js';
import { digest, MiB, randomMebibytes } from './random-bytes.js';
import { textDecoder } from './text-decoder.js';

/** Writes the size of its terminal whenever that changes. */
const ShowSize = `trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done`;

describeKubelet('exec through kube-apiserver and kubelet', ({ kubectl }) => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start({ kubelet: true });
    await runPod(environment.config, 'web', { command: ['sleep', '3600'] });
  });
  afterAll(() => environment?.[Symbol.asyncDispose]());

  const run = (command: string[], options: Partial<ExecOptions> = {}): Promise<RemoteProcess> =>
    exec(environment.config, { namespace: 'default', pod: 'web', command, ...options });
  const shell = (script: string, options: Partial<ExecOptions> = {}): Promise<RemoteProcess> =>
    run(['sh', '-c', script], options);

  /** All that a process says until its end. */
  async function resultOf(process: RemoteProcess): Promise<{ code: number; stdout: string; stderr: string }> {
    const [stdout, stderr] = await Promise.all([text(process.stdout), process.stderr ? text(process.stderr) : '']);
    const { code } = await process.exit;
    return { code, stdout, stderr };
  }

  const runs = (...args: string[]): Promise<KubectlResult> =>
    runKubectl(kubectl, args, { KUBECONFIG: environment.kubeconfig, HOME: '/nonexistent' });

  test('gives each exit code there is', async () => {
    const codes = Array.from({ length: 256 }, (_, code) => code);
    const seen: number[] = [];
    const waiting = [...codes];
    const worker = async (): Promise<void> => {
      for (let code = waiting.shift(); code !== undefined; code = waiting.shift()) {
        await using process = await run(['sh', '-c', `exit ${code}`], { stdout: false });
        seen[code] = (await process.exit).code;
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(seen).toEqual(codes);
  });

  test.each([
    ['both outputs and an exit code', ['sh', '-c', 'echo out; echo err >&2; exit 7']],
    ['a signal', ['sh', '-c', 'kill -TERM $$']],
    ['a signal that cannot be handled', ['sh', '-c', 'kill -KILL $$']],
    ['arguments that a shell would change', ['printf', '%s|', '$HOME', '*', 'a b', "it's", '"', 'ö&=?#%25']],
    ['no output', ['true']],
  ])('gives what kubectl gives: %s', async (_, command) => {
    await using process = await run(command);
    const [ours, theirs] = [await resultOf(process), await runs('exec', 'web', '--', ...command)];
    const { code, stdout } = theirs;
    expect({ code: ours.code, stdout: ours.stdout }).toEqual({ code, stdout });
    // kubectl adds a line of its own about the exit code.
    expect(theirs.stderr.startsWith(ours.stderr)).toBe(true);
  });

  test('says what is wrong with the container, the pod and the program, as kubectl does', async () => {
    const failureOf = async (options: Partial<ExecOptions>): Promise<string> => {
      try {
        await using process = await run(['true'], options);
        return `exit ${(await process.exit).code}`;
      } catch (error) {
        return `${(error as Error).name}: ${(error as Error).message}`;
      }
    };
    expect(await failureOf({ pod: 'none' })).toBe('StatusError: pods "none" not found');
    expect(await failureOf({ container: 'none' })).toMatch(/^StatusError: .*container none is not valid for pod web/);
    expect(await failureOf({ stdout: false, stderr: false })).toMatch(
      /^StatusError: .*at least 1 of stdin, stdout, stderr/,
    );
    const none = await failureOf({ command: ['/none'] });
    expect([none, (await runs('exec', 'web', '--', '/none')).stderr]).toEqual([
      expect.stringMatching(/^StatusError: .*no such file|^exit 12[67]$|^StatusError: .*not found/),
      expect.stringMatching(/no such file|exit code 12[67]|not found/),
    ]);
  });

  describe.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const)('over %s', (protocol) => {
    test('brings 48 MiB out whole', async () => {
      const line = '0123456789abcde';
      await using process = await shell(`yes ${line} | head -c ${48 * MiB}; exit 3`, { protocols: [protocol] });
      expect(process.protocol).toBe(protocol);
      const all = createHash('sha256').update(`${line}\n`.repeat((48 * MiB) / 16));
      const whole = { size: 48 * MiB, sha256: all.digest('hex') };
      expect([await digest(process.stdout), await process.exit]).toEqual([whole, { code: 3 }]);
    });

    test('brings an exit code, and the outputs apart', async () => {
      await using process = await shell('echo out; echo err >&2; exit 5', { protocols: [protocol] });
      expect(await resultOf(process)).toEqual({ code: 5, stdout: 'out\n', stderr: 'err\n' });
    });
  });

  test('brings 24 MiB there and back, and tells the process that it was all', async () => {
    const sent = createHash('sha256');
    await using process = await shell('tee /dev/stderr | sha256sum', { stdin: randomMebibytes(24, sent) });
    const [said, back] = await Promise.all([text(process.stdout), digest(process.stderr!)]);
    const sha256 = sent.digest('hex');
    expect([said, back, await process.exit]).toEqual([`${sha256}  -\n`, { size: 24 * MiB, sha256 }, { code: 0 }]);
  });

  test('sends a process that does not read no more than what is on the way', async () => {
    await using process = await run(['sleep', '60'], { stdin: true });
    const writer = process.stdin!.getWriter();
    const piece = new Uint8Array(MiB);
    // Until the peer takes no more: the buffers of two sockets and a pipe, of all the 300 that there are to send.
    let taken = 0;
    const stuck = async (): Promise<boolean> => {
      const write = writer.ready.then(() => writer.write(piece)).then(() => 'taken');
      write.catch(() => undefined);
      const waited = new Promise((resolve) => setTimeout(resolve, 500, 'stuck'));
      return (await Promise.race([write, waited])) === 'stuck';
    };
    const before = globalThis.process.memoryUsage().rss;
    while (taken < 300 && !(await stuck())) taken++;
    expect(taken).toBeLessThan(40);
    expect(globalThis.process.memoryUsage().rss - before).toBeLessThan(100 * MiB);
  });

  test('runs fifty at a time', async () => {
    const results = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        await using process = await shell(`cat; exit ${i}`, { stdin: `${i}` });
        return await resultOf(process);
      }),
    );
    expect(results).toEqual(results.map((_, i) => ({ code: i, stdout: `${i}`, stderr: '' })));
  });

  test('gives a terminal, whose size the process sees whenever it changes', async () => {
    await using process = await shell(ShowSize, { tty: true, stdin: true });
    const reader = process.stdout.pipeThrough(textDecoder()).getReader();
    let screen = '';
    const until = async (wanted: string): Promise<void> => {
      while (!screen.includes(wanted)) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`ended before ${wanted}: ${screen}`);
        screen += value;
      }
    };
    await until('ready');
    process.resize({ width: 132, height: 43 });
    await until('43 132\r\n');
    process.resize({ width: 80, height: 25 });
    await until('25 80\r\n');
    // Control-C is the terminal's to understand.
    await process.stdin!.getWriter().write('\u0003');
    expect((await process.exit).code).toBe(130);
  });

  test('takes a stream of Node.js, and ends stdin with it', async () => {
    const child = spawn('printf', ['one\\ntwo\\n']);
    await using process = await run(['wc', '-l'], { stdin: child.stdout });
    expect(await resultOf(process)).toEqual({ code: 0, stdout: '2\n', stderr: '' });
  });

  test('lives through silence that is longer than its heartbeat allows: the pongs break it', async () => {
    await using process = await shell('sleep 2; echo still here', {
      heartbeat: { pingIntervalMs: 100, silenceTimeoutMs: 700 },
    });
    expect(await resultOf(process)).toEqual({ code: 0, stdout: 'still here\n', stderr: '' });
  });

  test('does not take a process that does not read for a server that is gone', async () => {
    await using process = await run(['sleep', '2'], {
      stdin: new Uint8Array(500_000),
      heartbeat: { pingIntervalMs: 100, silenceTimeoutMs: 700 },
      protocols: ['v4.channel.k8s.io', 'v5.channel.k8s.io'],
    });
    expect(await process.exit).toEqual({ code: 0 });
  });

  test('an abort ends it in the middle of a stream', async () => {
    const controller = new AbortController();
    await using process = await run(['yes'], { signal: controller.signal });
    const reader = process.stdout.getReader();
    await reader.read();
    const why = new Error('enough');
    controller.abort(why);
    await expect(process.exit).rejects.toBe(why);
    const drained = (async () => {
      while (!(await reader.read()).done);
    })();
    await expect(drained).rejects.toBe(why);
  });

  test('the end of its container ends it', async () => {
    const command = ['sh', '-c', `trap 'exit 0' TERM; while :; do sleep 0.05; done`];
    await runPod(environment.config, 'short', { command });
    await using process = await run(['sh', '-c', 'kill -TERM 1; sleep 60'], { pod: 'short' });
    expect((await resultOf(process)).code).toBe(137);
  });

  test('a kube-apiserver that is killed in the middle is a lost connection; the next one serves on', async () => {
    await using process = await run(['yes']);
    const reading = digest(process.stdout);
    await Promise.all([
      expect(reading).rejects.toMatchObject({ name: 'TransportError' }),
      expect(process.exit).rejects.toMatchObject({ name: 'TransportError' }),
      environment.kill('kube-apiserver'),
    ]);
    await environment.restart('kube-apiserver');
    await using next = await run(['true']);
    expect(await next.exit).toEqual({ code: 0 });
  });
});
