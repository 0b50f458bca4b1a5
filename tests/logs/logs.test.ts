import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import {
  isPodLogError,
  type LogLine,
  mergedPodLogs,
  podLogBytes,
  type PodLogBytesOptions,
  podLogs,
} from '@client-ts/logs';
import { isBadRequest, isInvalid, isNotFound } from '@client-ts/apimachinery/errors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { containersOf, hasEnded, runPod, runs } from './run-pod.js';

const namespace = 'default';

/** Lines of any kind, the last without an end; some are as old as a second or two. */
const Talk = `
printf 'ä first\\r\\n\\n'; printf '\\377\\376 no UTF-8\\n'; sleep 1.1
printf '%040000d\\n' 7; seq 1 2000; sleep 1.1; printf '2026-01-01T00:00:00.000000000Z faked\\nunfinished 💥'
`;

describeKubelet('logs of 1.37', ({ kubectl }) => testLogs(kubectl, undefined));
describeKubelet('logs of 1.34', ({ kubectl }) => testLogs(kubectl, '1.34'), '1.34');

/** Tests on servers of a version; most of them on the newest alone. */
function testLogs(kubectl: string, version: string | undefined): void {
  let environment: Environment;
  beforeAll(async () => {
    // Only with this are servers asked for one output alone: the oldest say what they say without.
    const flags = version === undefined ? ['--feature-gates=PodLogsQuerySplitStreams=true'] : [];
    environment = await Environment.start({ kubelet: { flags }, apiServerFlags: flags, version });
  });
  afterAll(() => environment?.[Symbol.asyncDispose]());

  const printed = (...args: string[]): Promise<Buffer> => kubectlRuns('logs', ...args);
  const kubectlRuns = (...args: string[]): Promise<Buffer> => {
    const options = { encoding: 'buffer', maxBuffer: 1 << 24 } as const;
    const all = ['--kubeconfig', environment.kubeconfig, ...args];
    return new Promise((resolve, reject) => {
      execFile(kubectl, all, options, (error, stdout) => (error ? reject(error) : resolve(stdout)));
    });
  };
  /** The lines that kubectl prints, as they come. */
  const kubectlLines = (...args: string[]): AsyncIterableIterator<string> => {
    const { stdout } = spawn(kubectl, ['--kubeconfig', environment.kubeconfig, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return createInterface({ input: stdout })[Symbol.asyncIterator]();
  };
  /** What waits for the file may end so soon that kubectl is not told how its own process ended. */
  const touch = async (pod: string, file: string): Promise<void> => {
    await kubectlRuns('exec', pod, '--', 'touch', file).catch((error: unknown) => {
      if ((error as { code?: unknown }).code !== 137) throw error;
    });
  };
  const bytes = async (options: Omit<PodLogBytesOptions, 'namespace'>): Promise<Buffer> =>
    Buffer.from(await new Response(podLogBytes(environment.config, { namespace, ...options })).arrayBuffer());

  describe('of a container that has ended', () => {
    let middle: string;
    beforeAll(async () => {
      await runPod(environment.config, 'talk', { main: Talk, other: 'echo other; echo >&2 error' }, hasEnded, {
        initContainers: containersOf({ first: 'echo init' }),
      });
      const times = [];
      for await (const { time } of podLogs(environment.config, { namespace, pod: 'talk' })) times.push(time!);
      middle = times[5]!;
    });

    test.for<[string[], Omit<PodLogBytesOptions, 'namespace' | 'pod'>]>([
      [[], {}],
      [[], { follow: true }],
      [['--timestamps'], { timestamps: true }],
      [['--tail=3'], { tailLines: 3 }],
      [['--tail=0'], { tailLines: 0 }],
      [['--limit-bytes=41000'], { limitBytes: 41_000 }],
      [['--limit-bytes=2'], { limitBytes: 2 }],
      [['--limit-bytes=100', '--timestamps'], { limitBytes: 100, timestamps: true }],
      [['--since=1h', '--tail=20'], { sinceSeconds: 3600, tailLines: 20 }],
      [['-c', 'other', '--follow'], { container: 'other', follow: true }],
    ])('kubectl logs %j prints what %j gives', async ([args, options]) => {
      expect((await bytes({ pod: 'talk', ...options })).equals(await printed('talk', ...args))).toBe(true);
    });

    test('and so do both since a time', async () => {
      const [ours, theirs] = [
        await bytes({ pod: 'talk', sinceTime: middle }),
        await printed('talk', `--since-time=${middle}`),
      ];
      expect(ours.equals(theirs)).toBe(true);
      expect(ours.length).toBeLessThan((await bytes({ pod: 'talk' })).length);
      expect(ours.length).toBeGreaterThan(0);
    });

    test('one output is given alone, or refused', async () => {
      const other = { pod: 'talk', container: 'other' };
      const given = async (stream: 'All' | 'Stdout' | 'Stderr', follow = false): Promise<string> =>
        (await bytes({ ...other, stream, follow })).toString();
      if (version !== undefined) {
        await expect(given('Stderr')).rejects.toThrow(expect.objectContaining({ cause: expect.toSatisfy(isInvalid) }));
        return;
      }
      expect(await given('Stdout')).toBe('other\n');
      expect([await given('Stderr'), await given('Stderr', true)]).toEqual(['error\n', 'error\n']);
      expect((await given('All')).split('\n').toSorted()).toEqual(['', 'error', 'other']);
    });

    test('all containers have the lines that kubectl prints, one container after the other', async () => {
      const options = { namespace, fieldSelector: 'metadata.name=talk', allContainers: true, tailLines: 3 };
      const ours = await labelled(mergedPodLogs(environment.config, options));
      const theirs = (await printed('talk', '--all-containers', '--prefix', '--tail=3')).toString();
      // kubectl has no order of containers, and what does not end in a newline goes on with the next.
      expect(ours.toSorted()).toEqual(
        theirs
          .replace(/💥(?=\[)/, '💥\n')
          .trimEnd()
          .split('\n')
          .toSorted(),
      );
      expect(ours.map((line) => line.split(' ')[0]!).filter((each, index, all) => each !== all[index - 1])).toEqual([
        '[pod/talk/first]',
        '[pod/talk/main]',
        '[pod/talk/other]',
      ]);
    });
  });

  test('comes once and in order while kubelet and kube-apiserver are killed and started', async () => {
    const script = 'i=0; while [ ! -e /state/done ]; do echo line $i; echo line $i; i=$((i+1)); sleep 0.02; done';
    await runPod(environment.config, 'steady', { main: script }, runs);
    const seen: string[] = [];
    const retries: unknown[] = [];
    const onRetry = (retry: unknown): unknown => retries.push(retry);
    for await (const { text } of podLogs(environment.config, { namespace, pod: 'steady', follow: true, onRetry })) {
      seen.push(text);
      if (seen.length === 20) await environment.restart('kubelet');
      if (seen.length === 200) await environment.restart('kube-apiserver');
      if (seen.length === 400) await touch('steady', '/state/done');
    }
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => `line ${Math.floor(index / 2)}`));
    expect(seen).toEqual((await printed('steady')).toString().trimEnd().split('\n'));
    expect(retries.length).toBeGreaterThanOrEqual(2);
  });

  // The rest is not the matter of servers of any version.
  if (version !== undefined) return;

  test('ends with the run at hand, or goes on with the next', async () => {
    const first = 'echo one; echo two; while [ ! -e /state/go ]; do sleep 0.1; done; printf "the end"; exit 1';
    await runPod(
      environment.config,
      'again',
      { main: `if [ -e /state/go ]; then echo three; sleep 600; fi; ${first}` },
      runs,
      {
        restartPolicy: 'Always',
      },
    );
    const options = { namespace, pod: 'again', follow: true };
    const once = podLogs(environment.config, options);
    await using further = podLogs(environment.config, { ...options, restarts: true });
    expect(await texts(taken(once, 2))).toEqual(['one', 'two']);
    expect(await texts(taken(further, 2))).toEqual(['one', 'two']);
    await touch('again', '/state/go');
    expect(await texts(once)).toEqual(['the end']);
    expect(await texts(taken(further, 2))).toEqual(['the end', 'three']);
    const previous = { pod: 'again', previous: true, timestamps: true };
    expect((await bytes(previous)).equals(await printed('again', '--previous', '--timestamps'))).toBe(true);
  });

  test('ends when its Pod is deleted', async () => {
    await runPod(environment.config, 'short', { main: 'echo here; sleep 600' }, runs);
    const pods = new Clientset(environment.config).coreV1().pods(namespace);
    const seen: string[] = [];
    for await (const { text } of podLogs(environment.config, {
      namespace,
      pod: 'short',
      follow: true,
      restarts: true,
    })) {
      seen.push(text);
      await pods.delete('short');
    }
    expect(seen).toEqual(['here']);
  });

  test('says which log cannot be read, and why', async () => {
    const refusals = [
      { pod: 'nobody', cause: isNotFound },
      { pod: 'nobody', container: 'main', follow: true, cause: isNotFound },
      { pod: 'nobody', container: 'main', cause: isNotFound },
      { pod: 'steady', container: 'other', cause: isBadRequest },
    ];
    for (const { cause, ...options } of refusals) {
      const error = await texts(podLogs(environment.config, { namespace, ...options })).catch(
        (error: unknown) => error,
      );
      expect(isPodLogError(error) && [error.pod, error.container]).toEqual([options.pod, options.container ?? '']);
      expect((error as Error).cause).toSatisfy(cause);
    }
  });

  test('gives what kubectl gives of followed Pods, and ends when it does', async () => {
    const script = (name: string): string =>
      `echo ${name} begins; while [ ! -e /state/go ]; do sleep 0.1; done; seq 1 500; echo ${name} ends`;
    const labels = { app: 'crew' };
    const names = ['crew-1', 'crew-2'];
    await Promise.all(
      names.map((name) =>
        runPod(environment.config, name, { main: script('main'), side: script('side') }, runs, { labels }),
      ),
    );
    const selected = { namespace, labelSelector: 'app=crew', allContainers: true, follow: true, untilEnded: true };
    await using lines = mergedPodLogs(environment.config, selected);
    const ours = await labelled(taken(lines, 4));
    const printed = kubectlLines('logs', '-f', '-l', 'app=crew', '--all-containers', '--prefix');
    const theirs: string[] = [];
    while (theirs.length < 4) theirs.push((await printed.next()).value);
    await Promise.all(names.map((name) => touch(name, '/state/go')));
    ours.push(...(await labelled(lines)));
    for await (const line of printed) theirs.push(line);
    expect(byContainer(ours)).toEqual(byContainer(theirs));
    expect(ours).toHaveLength(4 * 502);
  });

  test('follows Pods that join, and leaves those that are not selected any more', async () => {
    const pods = new Clientset(environment.config).coreV1().pods(namespace);
    const start = (name: string, more = ''): Promise<void> =>
      runPod(
        environment.config,
        name,
        { main: `echo ${name}; ${more} sleep 600`, side: `echo side; sleep 600` },
        runs,
        {
          labels: { app: 'crowd' },
        },
      );
    await start('crowd-1');
    const selected = { namespace, labelSelector: 'app=crowd', allContainers: true, follow: true, maxLogRequests: 4 };
    const errors: Error[] = [];
    const onError = (error: Error): unknown => errors.push(error);
    await using lines = mergedPodLogs(environment.config, { ...selected, onError });
    const next = async (count: number): Promise<string[]> => (await labelled(taken(lines, count))).toSorted();
    expect(await next(2)).toEqual(['[pod/crowd-1/main] crowd-1', '[pod/crowd-1/side] side']);
    await start('crowd-2');
    expect(await next(2)).toEqual(['[pod/crowd-2/main] crowd-2', '[pod/crowd-2/side] side']);
    // There is no room for more before one has left, and another is gone.
    await start('crowd-3');
    await pods.patch('crowd-1', { type: 'merge', patch: { metadata: { labels: { app: null } } } });
    expect(await next(2)).toEqual(['[pod/crowd-3/main] crowd-3', '[pod/crowd-3/side] side']);
    expect(errors.map(({ message }) => message)).toEqual(
      ['main', 'side'].map(
        (container) =>
          `logs of default/crowd-3, container ${container}: waits until one of 4 others has ended (maxLogRequests)`,
      ),
    );
  });
}

/** So many lines, and others later. */
async function* taken(lines: AsyncIterableIterator<LogLine>, count: number): AsyncGenerator<LogLine> {
  for (let index = 0; index < count; index++) {
    const { done, value } = await lines.next();
    if (done) return;
    yield value;
  }
}

/** Lines of each container, in their order. */
function byContainer(lines: readonly string[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const line of lines) (all[line.split(' ')[0]!] ??= []).push(line);
  return all;
}

async function texts(lines: AsyncIterable<LogLine>): Promise<string[]> {
  const all: string[] = [];
  for await (const { text } of lines) all.push(text);
  return all;
}

async function labelled(lines: AsyncIterable<LogLine>): Promise<string[]> {
  const all: string[] = [];
  for await (const { pod, container, text } of lines) all.push(`[pod/${pod}/${container}] ${text}`);
  return all;
}
