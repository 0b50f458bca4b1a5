import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Environment } from '@client-ts/envtest';
import { exec, type ExecOptions, type RemoteProcess } from '@client-ts/remotecommand';
import { describe, expect, test } from 'vitest';
import { type KubectlResult, runKubectl } from '../clientcmd/kubectl.js';
import { runPod } from './pods.js';
import { digest, MiB, randomMebibytes } from './random-bytes.js';
import { textDecoder } from './text-decoder.js';

/** Writes the size of its terminal whenever that changes. */
const ShowSize = `trap 'stty size' WINCH; echo ready; while :; do sleep 0.05; done`;

const Line = '0123456789abcde';
/**
 * Waits until it is told that all has come. Each 5 s kubectl pings the server, and kube-apiserver the kubelet when it translates: one
 * that is done and has closed refuses that, and what was on the way is lost; to a busy machine that happens.
 */
const Much = `yes ${Line} | head -c ${100 * MiB}; read -r _; exit 3`;
const whole = {
  size: 100 * MiB,
  sha256: createHash('sha256')
    .update(`${Line}\n`.repeat((100 * MiB) / 16))
    .digest('hex'),
};

/**
 * What exec does through kube-apiserver and kubelet, beside kubectl.
 *
 * @param running - gives the environment, in which a Pod `web` runs, from when tests run.
 * @param codes - exit codes to try.
 */
export function defineExecCases(running: () => Environment, kubectl: string, codes: readonly number[]): void {
  const run = (command: string[], options: Partial<ExecOptions> = {}): Promise<RemoteProcess> =>
    exec(running().config, { namespace: 'default', pod: 'web', command, ...options });
  const shell = (script: string, options: Partial<ExecOptions> = {}): Promise<RemoteProcess> =>
    run(['sh', '-c', script], options);

  /** All that a process says until its end. */
  async function resultOf(process: RemoteProcess): Promise<{ code: number; stdout: string; stderr: string }> {
    const [stdout, stderr] = await Promise.all([text(process.stdout), process.stderr ? text(process.stderr) : '']);
    const { code } = await process.exit;
    return { code, stdout, stderr };
  }

  const runs = (...args: string[]): Promise<KubectlResult> =>
    runKubectl(kubectl, args, { KUBECONFIG: running().kubeconfig, HOME: '/nonexistent' });

  const start = (...args: string[]): ChildProcessWithoutNullStreams =>
    spawn(kubectl, args, { env: { KUBECONFIG: running().kubeconfig, HOME: '/nonexistent' } });

  test('gives every exit code', async () => {
    const seen: number[] = [];
    const waiting = [...codes];
    const worker = async (): Promise<void> => {
      for (let code = waiting.shift(); code !== undefined; code = waiting.shift()) {
        await using process = await run(['sh', '-c', `exit ${code}`], { stdout: false });
        seen[code] = (await process.exit).code;
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(codes.map((code) => seen[code])).toEqual(codes);
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
    test('brings 100 MiB out whole', async () => {
      await using process = await shell(Much, { protocols: [protocol], stdin: true });
      expect(process.protocol).toBe(protocol);
      const writer = process.stdin!.getWriter();
      const stdout = await digest(process.stdout, { size: whole.size, call: () => writer.write('\n') });
      expect([stdout, await process.exit]).toEqual([whole, { code: 3 }]);
    });

    test('brings an exit code, and the outputs apart', async () => {
      await using process = await shell('echo out; echo err >&2; exit 5', { protocols: [protocol] });
      expect(await resultOf(process)).toEqual({ code: 5, stdout: 'out\n', stderr: 'err\n' });
    });
  });

  test('brings 100 MiB in whole, and tells the process that it was all', async () => {
    const sent = createHash('sha256');
    await using process = await run(['sha256sum'], { stdin: randomMebibytes(100, sent) });
    const { code, stdout } = await resultOf(process);
    expect([stdout, code]).toEqual([`${sent.digest('hex')}  -\n`, 0]);
  });

  test('brings the same out as kubectl', async () => {
    const child = start('exec', '-i', 'web', '--', 'sh', '-c', Much);
    const all = { size: whole.size, call: () => child.stdin.end('\n') };
    const [stdout] = await Promise.all([digest(child.stdout, all), once(child, 'close')]);
    expect([stdout, child.exitCode]).toEqual([whole, 3]);
  });

  test('brings bytes there and back at once, as kubectl does', async () => {
    const command = ['sh', '-c', 'tee /dev/stderr | sha256sum'];
    const sent = [createHash('sha256'), createHash('sha256')] as const;
    await using process = await run(command, { stdin: randomMebibytes(4, sent[0]) });
    const ours = await Promise.all([text(process.stdout), digest(process.stderr!), process.exit]);
    const child = start('exec', '-i', 'web', '--', ...command);
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      digest(child.stderr),
      pipeline(randomMebibytes(4, sent[1]), child.stdin),
      once(child, 'close'),
    ]);
    const theirs = [stdout, stderr, { code: child.exitCode }];
    const wanted = sent
      .map((hash) => hash.digest('hex'))
      .map((sha256) => [`${sha256}  -\n`, { size: 4 * MiB, sha256 }, { code: 0 }]);
    expect([ours, theirs]).toEqual(wanted);
  });

  test('ends when its process is killed in the middle of a stream, as kubectl does', async () => {
    const Endless = ['sh', '-c', 'echo $$ >&2; exec yes'];
    const kill = async (stderr: AsyncIterable<Uint8Array>): Promise<void> => {
      let said = '';
      // To its end: who writes to nobody would end of that.
      for await (const chunk of stderr) {
        if (said.includes('\n')) continue;
        said += Buffer.from(chunk).toString();
        if (!said.includes('\n')) continue;
        await using killer = await run(['kill', '-KILL', said.trim()]);
        expect(await killer.exit).toEqual({ code: 0 });
      }
    };
    await using process = await run(Endless);
    await Promise.all([digest(process.stdout), kill(process.stderr!)]);
    const child = start('exec', 'web', '--', ...Endless);
    await Promise.all([digest(child.stdout), kill(child.stderr), once(child, 'close')]);
    expect([await process.exit, child.exitCode]).toEqual([{ code: 137 }, 137]);
  });

  test('sends a process that does not read no more than what is on the way', async () => {
    await using process = await run(['sleep', '60'], { stdin: true });
    const writer = process.stdin!.getWriter();
    const piece = new Uint8Array(MiB);
    const before = globalThis.process.memoryUsage().rss;
    let taken = 0;
    const writing = (async () => {
      for (; taken < 300; taken++) await writer.write(piece);
    })();
    // It ends with the process, which nobody waits for.
    writing.catch(() => undefined);
    // Until nothing is taken any more while others are served: of all there is, the buffers of two sockets and a pipe are full.
    for (let seen = -1; seen < taken;) {
      seen = taken;
      for (let times = 0; times < 5; times++) {
        await using other = await run(['true']);
        await other.exit;
      }
    }
    expect(taken).toBeLessThan(150);
    expect(globalThis.process.memoryUsage().rss - before).toBeLessThan(200 * MiB);
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
    await using process = await shell('sleep 4; echo still here', {
      heartbeat: { pingIntervalMs: 100, silenceTimeoutMs: 2500 },
    });
    expect(await resultOf(process)).toEqual({ code: 0, stdout: 'still here\n', stderr: '' });
  });

  test('does not take a process that does not read for a server that is gone', async () => {
    await using process = await run(['sleep', '4'], {
      stdin: new Uint8Array(500_000),
      heartbeat: { pingIntervalMs: 100, silenceTimeoutMs: 2500 },
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
    await runPod(running().config, 'short', { command });
    await using process = await run(['sh', '-c', 'kill -TERM 1; sleep 60'], { pod: 'short' });
    expect((await resultOf(process)).code).toBe(137);
  });
}
