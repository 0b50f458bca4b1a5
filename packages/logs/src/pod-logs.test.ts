import { isForbidden, isNotFound } from '@client-ts/apimachinery/errors';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { type Config, isTransportError, TransportError } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { body, configOf, inTime, json, podOf, refusal, whole } from './kubelet.test.kit.js';
import type { LogLine } from './log-line.js';
import { isPodLogError } from './pod-log-error.js';
import type { LogRetry } from './pod-log-options.js';
import { podLogs, type PodLogsOptions } from './pod-logs.js';

type Answers = Readonly<Record<string, (() => ReturnType<typeof body>) | undefined>>;

const pod = { namespace: 'default', pod: 'web', container: 'main' };
const status = (state: object, containerID = 'run-1'): object =>
  podOf({ phase: 'Running', containerStatuses: [{ name: 'main', containerID, state }] } as never);
const running = (): ReturnType<typeof body> => json(status({ running: {} }));
const over = (): ReturnType<typeof body> => json(podOf({ phase: 'Succeeded' }));
const log =
  (...lines: string[]) =>
  (): ReturnType<typeof body> =>
    body(new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')), whole);
const broken =
  (...lines: string[]) =>
  (): ReturnType<typeof body> =>
    body(new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')), { ...whole, clean: false });
const lost = (): never => {
  throw new TransportError('connect', 'connection refused');
};
const at = (second: number, text: string): string => `2026-01-01T00:00:0${second}.000000000Z ${text}`;

/** A server that gives one answer after the other, the last for ever. */
function server({ pods = [running], logs }: { pods?: Answers[string][]; logs: Answers[string][] }): Config {
  const next = (answers: Answers[string][]) => (answers.length > 1 ? answers.shift() : answers[0]);
  return configOf(({ path }) => next(path.endsWith('/log') ? logs : pods)!());
}

async function read(config: Config, options: Partial<PodLogsOptions> = {}): Promise<string[]> {
  const clock = new FakeClock();
  const lines: string[] = [];
  const reading = async (): Promise<void> => {
    for await (const { text } of podLogs(config, { ...pod, clock, ...options })) lines.push(text);
  };
  await inTime(clock, reading());
  expect(clock.pending).toBe(0);
  return lines;
}

describe('a log', () => {
  test('has lines with their times and where they come from', async () => {
    const config = server({ logs: [log(at(1, 'a'), at(2, ''))] });
    const lines: LogLine[] = [];
    for await (const line of podLogs(config, pod)) lines.push(line);
    expect(lines).toEqual([
      { ...pod, time: '2026-01-01T00:00:01.000000000Z', text: 'a', partial: false },
      { ...pod, time: '2026-01-01T00:00:02.000000000Z', text: '', partial: false },
    ]);
  });

  test('that cannot be had is a failure at once, which names it', async () => {
    const refused = server({ logs: [() => refusal(404, 'NotFound', 'pods "web" not found')] });
    for (const [config, cause] of [
      [refused, isNotFound],
      [server({ logs: [lost] }), isTransportError],
    ] as const) {
      const error = await read(config, { follow: true }).catch((error: unknown) => error);
      expect(error).toSatisfy(isPodLogError);
      expect(error).toMatchObject(pod);
      expect((error as Error).cause).toSatisfy(cause);
    }
  });

  test('of a container that the Pod has not is a failure that says which there are', async () => {
    const config = server({ logs: [] });
    await expect(read(config, { container: 'other', follow: true, restarts: true })).rejects.toThrow(
      'logs of default/web, container other: the Pod has no such container, but main',
    );
  });

  test('is gone on with, after pauses of which somebody is told', async () => {
    const logs = [
      broken(at(1, 'a')),
      lost,
      () => refusal(500, 'InternalError', 'no kubelet'),
      log(at(1, 'a'), at(1, 'b')),
    ];
    const retries: LogRetry[] = [];
    const options = { follow: true, onRetry: (retry: LogRetry) => retries.push(retry) };
    expect(await read(server({ pods: [running, running, running, over], logs }), options)).toEqual(['a', 'b']);
    expect(retries).toMatchObject([
      { ...pod, retry: 1, error: { name: 'TransportError', failure: 'reset' } },
      { ...pod, retry: 2, error: { name: 'TransportError', failure: 'connect' } },
      { ...pod, retry: 3, error: { name: 'StatusError', code: 500 } },
    ]);
  });

  test('that ends although its container runs is gone on with', async () => {
    const logs = [log(at(1, 'a')), log(at(1, 'a'), at(3, 'b'))];
    const retries: LogRetry[] = [];
    const options = { follow: true, onRetry: (retry: LogRetry) => retries.push(retry) };
    expect(await read(server({ pods: [running, running, running, running, over], logs }), options)).toEqual(['a', 'b']);
    expect(retries).toMatchObject([{ retry: 1, delayMs: expect.any(Number) as number }]);
    expect(retries[0]).not.toHaveProperty('error');
  });

  test('is not waited for when it may not be read any more', async () => {
    const logs = [broken(at(1, 'a')), () => refusal(403, 'Forbidden', 'no')];
    const error = await read(server({ logs }), { follow: true }).catch((error: unknown) => error);
    expect((error as Error).cause).toSatisfy(isForbidden);
  });

  test('that is not followed is tried for five times', async () => {
    const logs = [broken(at(1, 'a')), lost];
    await expect(read(server({ logs }))).rejects.toThrow(
      'logs of default/web, container main: no answer in 5 attempts',
    );
  });

  test.each<[PodLogsOptions['stream'], string | null]>([
    [undefined, null],
    ['All', 'All'],
    ['Stdout', 'Stdout'],
    ['Stderr', 'Stderr'],
  ])('of the output %s is asked for as such, also when it is gone on with', async (stream, asked) => {
    const seen: (string | null)[] = [];
    const logs = [broken(at(1, 'a')), log(at(1, 'a'), at(2, 'b'))];
    const pods = [running, running, over];
    const config = configOf(({ path, query }) => {
      if (!path.endsWith('/log')) return (pods.length > 1 ? pods.shift() : pods[0])!();
      seen.push(query.get('stream'));
      return (logs.length > 1 ? logs.shift() : logs[0])!();
    });
    expect(await read(config, { follow: true, stream })).toEqual(['a', 'b']);
    expect(seen).toEqual([asked, asked, asked].slice(0, seen.length));
    expect(seen.length).toBeGreaterThan(1);
  });

  test('whose container is restarted while its end is asked for does not end with what the next run writes', async () => {
    const terminated = { exitCode: 1, containerID: 'run-1' };
    const restarted = (): ReturnType<typeof body> =>
      json(
        podOf({
          phase: 'Running',
          containerStatuses: [
            { name: 'main', containerID: 'run-2', state: { running: {} }, lastState: { terminated } } as never,
          ],
        }),
      );
    const pods = [running, (): ReturnType<typeof body> => json(status({ terminated })), restarted];
    const logs = [log(at(1, 'a')), log(at(3, 'of the next')), log(at(1, 'a'), at(2, 'the end'))];
    expect(await read(server({ pods, logs }), { follow: true })).toEqual(['a', 'the end']);
  });

  test('without timestamps is read, and not gone on with', async () => {
    expect(await read(server({ logs: [log('a', 'b')] }))).toEqual(['a', 'b']);
    await expect(read(server({ logs: [broken('a', 'b')] }), { follow: true })).rejects.toThrow(
      'cannot go on without timestamps',
    );
  });

  test('ends with its Pod, and does not go on with another of its name', async () => {
    const another = (): ReturnType<typeof body> => json(podOf({ phase: 'Running' }, { uid: 'uid-2' }));
    for (const gone of [another, () => refusal(404, 'NotFound', 'pods "web" not found')]) {
      const config = server({ pods: [running, gone], logs: [log(at(1, 'a')), log(at(2, 'b'))] });
      expect(await read(config, { follow: true, restarts: true })).toEqual(['a']);
    }
  });

  test('of a container that has not started is waited for with restarts only', async () => {
    const waiting = (): ReturnType<typeof body> => json(podOf({ phase: 'Pending' }));
    const refused = (): ReturnType<typeof body> => refusal(400, 'BadRequest', 'container "main" is waiting to start');
    const pods = [waiting, waiting, running, over];
    const previous = refused;
    const config = server({ pods: [...pods], logs: [log(at(1, 'a')), log(at(1, 'a'), at(2, 'b')), previous] });
    expect(await read(config, { follow: true, restarts: true })).toEqual(['a', 'b']);
    await expect(read(server({ pods, logs: [refused] }), { follow: true })).rejects.toThrow('is waiting to start');
  });
});

describe('leaving', () => {
  /** A log with one line, that stays open until its signal aborts. */
  function open(): { config: Config; state: { closed: boolean } } {
    const state = { closed: false };
    async function* endless(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
      try {
        yield new TextEncoder().encode(`${at(1, 'a')}\n`);
        await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      } finally {
        state.closed = true;
      }
    }
    const config = configOf(({ path }, signal) =>
      path.endsWith('/log') ? { ...log()(), body: endless(signal) } : running(),
    );
    return { config, state };
  }

  test('closes the connection', async () => {
    const { config, state } = open();
    for await (const { text } of podLogs(config, { ...pod, follow: true })) {
      expect(text).toBe('a');
      break;
    }
    expect(state.closed).toBe(true);
  });

  test('ends a read that waits', async () => {
    const { config, state } = open();
    const lines = podLogs(config, { ...pod, follow: true });
    await lines.next();
    const pending = lines.next();
    await settle();
    await lines[Symbol.asyncDispose]();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(state.closed).toBe(true);
  });

  test('by an abort rejects with its reason, at any time', async () => {
    const reason = new Error('enough');
    await expect(podLogs(open().config, { ...pod, signal: AbortSignal.abort(reason) }).next()).rejects.toBe(reason);
    const controller = new AbortController();
    const lines = podLogs(open().config, { ...pod, follow: true, signal: controller.signal });
    await lines.next();
    const pending = lines.next();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    // While it pauses.
    const clock = new FakeClock();
    const paused = new AbortController();
    const config = server({ logs: [broken(at(1, 'a')), lost] });
    const others = podLogs(config, { ...pod, follow: true, clock, signal: paused.signal });
    await others.next();
    const next = others.next();
    await settle();
    expect(clock.pending).toBe(1);
    paused.abort(reason);
    await expect(next).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });
});

test.each<[Partial<PodLogsOptions>, string]>([
  [{ restarts: true }, 'restarts: goes with follow, and not with previous'],
  [{ restarts: true, follow: true, previous: true }, 'restarts: goes with follow, and not with previous'],
  [{ limitBytes: 0 }, 'limitBytes must be at least 1, got 0'],
  [{ maxLineBytes: 63 }, 'maxLineBytes must be at least 64, got 63'],
  [{ backoff: { durationMs: 0 } }, 'backoff.durationMs must be greater than 0, got 0'],
])('options %j are refused', (options, message) => {
  expect(() => podLogs(server({ logs: [] }), { ...pod, ...options })).toThrow(message);
});
