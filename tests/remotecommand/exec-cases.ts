import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Environment } from '@client-ts/envtest';
import { ChannelProtocols, exec, type ExecOptions, type RemoteProcess } from '@client-ts/remotecommand';
import { describe, expect, test } from 'vitest';
import { type KubectlResult, runKubectl } from '../clientcmd/kubectl.js';
import { bytesInSockets } from './kernel-buffers.js';
import { runPod } from './pods.js';
import { digest, MiB, randomMebibytes } from './random-bytes.js';
import { liveThroughSilence } from './silence.js';
import { missingTerminals, TerminalScript } from './terminal-script.js';
import { textDecoder } from './text-decoder.js';

/** Of which kubectl is asked for the same. */
const kubectlCodes = [1, 126, 130, 255];

/** What programs between here and a container may hold of what their sockets do not; they take less than half of it. */
const InHandBytes = 4 * MiB;

/** Of terminals: height and width. */
const Sizes = [
  [43, 132],
  [25, 80],
] as const;

/** Writes the size of its terminal whenever that changes. */
const ShowSize = `trap "stty size" WINCH; echo ready; while :; do sleep 0.05; done`;

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
  const noTerminals = missingTerminals();

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

  async function failureOf(options: Partial<ExecOptions>): Promise<unknown> {
    try {
      await using process = await run(['true'], options);
      return await process.exit;
    } catch (error) {
      return error;
    }
  }

  const runs = (...args: string[]): Promise<KubectlResult> =>
    runKubectl(kubectl, args, { KUBECONFIG: running().kubeconfig, HOME: '/nonexistent' });

  const start = (...args: string[]): ChildProcessWithoutNullStreams =>
    spawn(kubectl, args, { env: { KUBECONFIG: running().kubeconfig, HOME: '/nonexistent' } });

  test('gives every exit code, and kubectl the same', async () => {
    const seen: number[] = [];
    const waiting = [...codes];
    const worker = async (): Promise<void> => {
      for (let code = waiting.shift(); code !== undefined; code = waiting.shift()) {
        await using process = await run(['sh', '-c', `exit ${code}`], { stdout: false });
        seen[code] = (await process.exit).code;
      }
    };
    const theirs = kubectlCodes.map(async (code) => (await runs('exec', 'web', '--', 'sh', '-c', `exit ${code}`)).code);
    const [kubectls] = await Promise.all([Promise.all(theirs), ...Array.from({ length: 8 }, worker)]);
    expect([codes.map((code) => seen[code]), kubectls]).toEqual([codes, kubectlCodes]);
  });

  test.each([
    ['both outputs and an exit code', ['sh', '-c', 'echo out; echo err >&2; exit 7']],
    ['a signal', ['sh', '-c', 'kill -TERM $$']],
    ['a signal that cannot be handled', ['sh', '-c', 'kill -KILL $$']],
    ['arguments that a shell would change', ['printf', '%s|', '$HOME', '*', 'a b', "it's", '"', 'ö&=?#%25']],
    ['no output', ['true']],
  ])('gives what kubectl gives: %s', async (_, command) => {
    await using process = await run(command);
    const [ours, theirs] = await Promise.all([resultOf(process), runs('exec', 'web', '--', ...command)]);
    const { code, stdout } = theirs;
    expect({ code: ours.code, stdout: ours.stdout }).toEqual({ code, stdout });
    // kubectl adds a line of its own about the exit code.
    expect(theirs.stderr.startsWith(ours.stderr)).toBe(true);
  });

  test.each<[string, Partial<ExecOptions>, string[]]>([
    ['pod', { pod: 'none' }, ['none', '--', 'true']],
    ['container', { container: 'none' }, ['web', '-c', 'none', '--', 'true']],
    ['program', { command: ['/none'] }, ['web', '--', '/none']],
  ])('says as kubectl does that there is no such %s', async (_, options, args) => {
    const [ours, theirs] = await Promise.all([failureOf(options), runs('exec', ...args)]);
    // kubectl may add what it knows of the Pod.
    const words = /^(?:error|Error from server \(\w+\)): (.*?)(?: out of: main)?\n$/.exec(theirs.stderr);
    expect(ours).toMatchObject({ name: 'StatusError', message: words?.[1] });
  });

  test('says that it was asked for no stream', async () => {
    const message = expect.stringContaining('you must specify at least 1 of stdin, stdout, stderr') as string;
    expect(await failureOf({ stdout: false, stderr: false })).toMatchObject({ name: 'StatusError', message });
  });

  test('brings 100 MiB out whole, and kubectl the same', async () => {
    const ours = async (): Promise<unknown[]> => {
      await using process = await shell(Much, { stdin: true });
      const writer = process.stdin!.getWriter();
      const stdout = await digest(process.stdout, { size: whole.size, call: () => writer.write('\n') });
      return [stdout, await process.exit];
    };
    const theirs = async (): Promise<unknown[]> => {
      const child = start('exec', '-i', 'web', '--', 'sh', '-c', Much);
      const all = { size: whole.size, call: () => child.stdin.end('\n') };
      const [stdout] = await Promise.all([digest(child.stdout, all), once(child, 'close')]);
      return [stdout, { code: child.exitCode }];
    };
    const result = [whole, { code: 3 }];
    expect(await Promise.all([ours(), theirs()])).toEqual([result, result]);
  });

  test('brings 100 MiB in whole, as kubectl does, and tells the process that it was all', async () => {
    const ours = async (hash: Hash): Promise<unknown[]> => {
      await using process = await run(['sha256sum'], { stdin: randomMebibytes(100, hash) });
      const { code, stdout } = await resultOf(process);
      return [stdout, code];
    };
    const theirs = async (hash: Hash): Promise<unknown[]> => {
      const script = `head -c ${100 * MiB} | sha256sum; read -r _`;
      const child = start('exec', '-i', 'web', '--', 'sh', '-c', script);
      const ended = Promise.all([
        pipeline(randomMebibytes(100, hash), child.stdin, { end: false }),
        once(child, 'close'),
      ]);
      let stdout = '';
      for await (const piece of child.stdout) {
        stdout += String(piece);
        if (stdout.endsWith('\n')) child.stdin.end('\n');
      }
      await ended;
      return [stdout, child.exitCode];
    };
    const sent = [createHash('sha256'), createHash('sha256')] as const;
    const seen = await Promise.all([ours(sent[0]), theirs(sent[1])]);
    expect(seen).toEqual(sent.map((hash) => [`${hash.digest('hex')}  -\n`, 0]));
  });

  test.each(ChannelProtocols)('brings both outputs apart, and an exit code, over %s', async (protocol) => {
    await using process = await shell('echo out; echo err >&2; exit 5', { protocols: [protocol] });
    expect(process.protocol).toBe(protocol);
    expect(await resultOf(process)).toEqual({ code: 5, stdout: 'out\n', stderr: 'err\n' });
  });

  test('an output that nobody reads leaves the other one alone up to its bound', async () => {
    const sizes = [MiB / 2, 4 * MiB] as const;
    await using process = await shell(`head -c ${sizes[0]} /dev/zero >&2; head -c ${sizes[1]} /dev/zero; exit 3`);
    const { size } = await digest(process.stdout);
    expect([size, await process.exit, (await digest(process.stderr!)).size]).toEqual([sizes[1], { code: 3 }, sizes[0]]);
  });

  test('an output that is cancelled holds up neither the other one nor the end, however much it is', async () => {
    await using process = await shell(`echo begin; head -c ${32 * MiB} /dev/zero >&2; echo end; exit 3`);
    let said = '';
    for await (const piece of process.stdout.pipeThrough(textDecoder())) {
      said += piece;
      if (said === 'begin\n') await process.stderr!.cancel();
    }
    expect([said, await process.exit]).toEqual(['begin\nend\n', { code: 3 }]);
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
    const piece = new Uint8Array(64 * 1024);
    let taken = 0;
    const writing = (async () => {
      for (; taken < 300 * MiB; taken += piece.length) await writer.write(piece);
    })();
    // It ends with the process, which nobody waits for.
    writing.catch(() => undefined);
    // Until nothing is taken any more while others are served: of all there is, the buffers of sockets and a pipe are full.
    for (let seen = -1; seen < taken;) {
      seen = taken;
      for (let times = 0; times < 5; times++) {
        await using other = await run(['true']);
        await other.exit;
      }
    }
    expect(taken).toBeGreaterThan(0);
    expect(taken - bytesInSockets()).toBeLessThan(InHandBytes);
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
    for (const [height, width] of Sizes) {
      process.resize({ width, height });
      await until(`${height} ${width}\r\n`);
    }
    // Control-C is the terminal's to understand.
    await process.stdin!.getWriter().write('\u0003');
    expect((await process.exit).code).toBe(130);
  });

  test.skipIf(noTerminals)(`kubectl gives it the same sizes${noTerminals ? `: ${noTerminals}` : ''}`, async () => {
    const env = { KUBECONFIG: running().kubeconfig, HOME: '/nonexistent', PATH: '/usr/bin:/bin', SHELL: '/bin/sh' };
    await using terminal = new TerminalScript(
      `tty; ${kubectl} exec -it web -- sh -c '${ShowSize}'; echo "code $?"`,
      env,
    );
    const device = await terminal.until(/^(\/dev\/\S+)\r\n/m);
    await terminal.until(/ready/);
    for (const [height, width] of Sizes) {
      await promisify(execFile)('stty', ['-F', device, 'rows', String(height), 'cols', String(width)]);
      await terminal.until(new RegExp(`${height} ${width}\r\n`));
    }
    terminal.type('\u0003');
    expect(await terminal.end()).toMatch(/\ncode 130\r\n$/);
  });

  test('takes a stream of Node.js, and ends stdin with it', async () => {
    const child = spawn('printf', ['one\\ntwo\\n']);
    await using process = await run(['wc', '-l'], { stdin: child.stdout });
    expect(await resultOf(process)).toEqual({ code: 0, stdout: '2\n', stderr: '' });
  });

  describe.concurrent('a process of which nothing is heard', () => {
    test('lives on', async () => {
      expect(await liveThroughSilence(running().config, 1000)).toBe(2);
    });

    test('lives on for longer than its heartbeat allows: the pongs break the silence', async () => {
      await using process = await shell('sleep 4; echo still here', {
        heartbeat: { pingIntervalMs: 100, silenceTimeoutMs: 2500 },
      });
      expect(await resultOf(process)).toEqual({ code: 0, stdout: 'still here\n', stderr: '' });
    });

    test('and which does not read is not taken for a server that is gone', async () => {
      await using process = await run(['sleep', '4'], {
        stdin: new Uint8Array(500_000),
        heartbeat: { pingIntervalMs: 100, silenceTimeoutMs: 2500 },
        protocols: ['v4.channel.k8s.io', 'v5.channel.k8s.io'],
      });
      expect(await process.exit).toEqual({ code: 0 });
    });
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
    const command = ['sh', '-c', `trap 'exit 0' TERM; touch /tmp/trapped; while :; do sleep 0.05; done`];
    await runPod(running().config, 'short', { command });
    // The first process of a container does not hear of signals that it has no trap for.
    const script = 'until [ -e /tmp/trapped ]; do sleep 0.05; done; kill -TERM 1; sleep 60';
    await using process = await shell(script, { pod: 'short' });
    expect((await resultOf(process)).code).toBe(137);
  });
}
