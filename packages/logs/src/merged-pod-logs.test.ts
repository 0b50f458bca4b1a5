import type { Config } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { body, configOf, json, podOf, refusal, whole } from './kubelet.test.kit.js';
import { mergedPodLogs, type MergedPodLogsOptions } from './merged-pod-logs.js';
import { isPodLogError } from './pod-log-error.js';

const namespace = 'default';

/** Pods of these names with the containers `main` and `side`; each log is one line, but that of `bad`. */
function server(...names: string[]): { config: Config; asked: string[] } {
  const asked: string[] = [];
  const containers = [{ name: 'main' }, { name: 'side' }];
  const items = names.map((name) => ({ ...podOf({}, { name, namespace, uid: name }), spec: { containers } }));
  const config = configOf(({ path, query }) => {
    if (!path.endsWith('/log')) {
      asked.push(query.toString());
      return json({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items });
    }
    const name = path.split('/').at(-2)!;
    asked.push(`${name}/${query.get('container')}`);
    if (name === 'bad') return refusal(400, 'BadRequest', 'waiting to start');
    return body(new TextEncoder().encode('2026-01-01T00:00:01.000000000Z hello\n'), whole);
  });
  return { config, asked };
}

async function read(config: Config, options: Partial<MergedPodLogsOptions>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { pod, container, text } of mergedPodLogs(config, { namespace, ...options })) {
    lines.push(`${pod}/${container} ${text}`);
  }
  return lines;
}

describe('logs of many containers', () => {
  test('come one after the other, by name, of those that are selected', async () => {
    const { config, asked } = server('b', 'a');
    expect(await read(config, { labelSelector: 'app=web', allContainers: true, limitBytes: 2 })).toEqual([
      'a/main he',
      'a/side he',
      'b/main he',
      'b/side he',
    ]);
    expect(asked).toEqual(['labelSelector=app%3Dweb', 'a/main', 'a/side', 'b/main', 'b/side']);
  });

  test('are those of one container of each Pod, unless all are asked for', async () => {
    expect(await read(server('b', 'a').config, {})).toEqual(['a/main hello', 'b/main hello']);
  });

  test('go on when one cannot be read, of which somebody is told', async () => {
    const errors: Error[] = [];
    const options = { allContainers: true, onError: (error: Error) => errors.push(error) };
    expect(await read(server('a', 'bad', 'c').config, options)).toEqual([
      'a/main hello',
      'a/side hello',
      'c/main hello',
      'c/side hello',
    ]);
    expect(errors.every(isPodLogError)).toBe(true);
    expect(errors.map(({ message }) => message)).toEqual([
      'logs of default/bad, container main: waiting to start',
      'logs of default/bad, container side: waiting to start',
    ]);
  });

  test('end with what throws whoever is told', async () => {
    const failure = new Error('that is too much');
    const onError = (): never => {
      throw failure;
    };
    await expect(read(server('bad', 'c').config, { onError })).rejects.toBe(failure);
  });

  test('reject with the reason of an abort', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const { config } = server('a', 'b');
    const lines = mergedPodLogs(config, { namespace, signal: controller.signal });
    expect((await lines.next()).value).toMatchObject({ pod: 'a', text: 'hello' });
    controller.abort(reason);
    await expect(lines.next()).rejects.toBe(reason);
    expect(await lines.next()).toEqual({ done: true, value: undefined });
  });

  test('are at least one at a time', () => {
    expect(() => mergedPodLogs(server().config, { namespace, maxLogRequests: 0 })).toThrow(
      'maxLogRequests must be at least 1, got 0',
    );
  });
});
