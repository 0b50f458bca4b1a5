import { once } from 'node:events';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { leases } from '@client-ts/api/coordination/v1';
import { configMaps } from '@client-ts/api/core/v1';
import { Clientset } from '@client-ts/clientset';
import { Manager } from '@client-ts/controller';
import { Environment } from '@client-ts/envtest';
import { isLeadershipLost, leaseLock } from '@client-ts/leaderelection';
import { type ResourceClient, restClientFor } from '@client-ts/rest';
import { parallelizeUntil } from '@client-ts/workqueue';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { Observer } from './observer.js';
import { newPairs } from './pairs.js';

const Program = path.join(import.meta.dirname, 'pairs-process.ts');

describeReal('controllers of a real server', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  beforeAll(async () => {
    environment = await Environment.start();
  });
  afterAll(() => environment[Symbol.asyncDispose]());

  /** A namespace with owners, and clients of it. */
  async function open(namespace: string, owners: number) {
    const { config } = environment;
    await new Clientset(config)
      .coreV1()
      .namespaces()
      .create({ metadata: { name: namespace } });
    const client = restClientFor(config).resource(configMaps, namespace);
    await parallelizeUntil(20, owners, async (index) => {
      await client.create({ metadata: { name: `o${index}`, labels: { pairs: 'yes' } }, data: { value: 'first' } });
    });
    return { client, observer: new Observer(config, namespace) };
  }

  async function write(
    client: ResourceClient<object, unknown>,
    value: string,
    from: number,
    to: number,
  ): Promise<void> {
    await parallelizeUntil(20, to - from, async (index) => {
      await client.patch(`o${from + index}`, { type: 'merge', patch: { data: { value } } });
    });
  }

  test('what a process that crashed has left is brought to its end, and nothing is made twice', async () => {
    const { client, observer } = await open('crash', 300);
    const start = (...args: readonly string[]) => {
      const argv = ['--import', 'tsx', Program, environment.kubeconfig, 'crash', ...args];
      const child = spawn(process.execPath, argv, {
        cwd: path.dirname(Program),
        stdio: ['pipe', 'inherit', 'inherit'],
      });
      return { child, exited: once(child, 'exit') };
    };
    const first = start('100');
    expect(await first.exited).toEqual([null, 'SIGKILL']);
    await write(client, 'second', 50, 150);
    await observer.until(() => observer.owners.length === 300 && observer.children.length >= 100);
    // As many as were under way, beside those whose answers were seen.
    expect(observer.children.length).toBeLessThan(100 + 10);

    const second = start();
    await observer.until(() => observer.odd().length === 0);
    await write(client, 'third', 0, 300);
    await observer.until(() => observer.odd().length === 0);
    second.child.stdin.end();
    expect(await second.exited).toEqual([0, null]);
    expect(observer.children).toHaveLength(300);
    await observer[Symbol.asyncDispose]();
  });

  test('it goes on when the API server comes back', async () => {
    const { client, observer } = await open('outage', 1000);
    const [stop, errors, running] = [new AbortController(), [] as string[], new Map<string, number>()];
    let atOnce = 0;
    const pairs = newPairs(environment.config, {
      namespace: 'outage',
      onError: (message) => errors.push(message),
      onReconcile(key) {
        const now = (running.get(key) ?? 0) + 1;
        running.set(key, now);
        atOnce = Math.max(atOnce, now);
      },
      onReconciled: (key) => void running.set(key, (running.get(key) ?? 0) - 1),
    });
    const ended = pairs.controller.run({ signal: stop.signal });
    await observer.until(() => observer.children.length >= 250);
    await environment.kill('kube-apiserver');
    await environment.restart('kube-apiserver');
    await write(client, 'second', 0, 500);
    await observer.until(() => observer.owners.length === 1000 && observer.odd().length === 0);
    expect(observer.children).toHaveLength(1000);
    expect(errors.length).toBeGreaterThan(0);
    expect(atOnce).toBe(1);
    stop.abort();
    await ended;
    await pairs[Symbol.asyncDispose]();
    await observer[Symbol.asyncDispose]();
  });

  test('who lost leadership begins nothing more, and what runs is told; who waited goes on', async () => {
    const { client, observer } = await open('election', 20);
    const { config } = environment;
    const begun: string[] = [];
    let told: unknown;
    const start = (identity: string, onReconcile: (key: string, signal: AbortSignal) => void | Promise<void>) => {
      const pairs = newPairs(config, { namespace: 'election', name: identity, onReconcile });
      const lock = leaseLock(config, { namespace: 'election', name: 'lock', identity });
      const times = { leaseDurationMs: 4000, renewDeadlineMs: 3000, retryPeriodMs: 500 };
      const manager = new Manager({ controllers: [pairs.controller], leaderElection: { lock, ...times } });
      const outcome = manager.run({ signal: new AbortController().signal });
      return { pairs, manager, outcome };
    };
    const stuck = 'election/o7';
    let isStuck = (): void => {};
    const waits = new Promise<void>((resolve) => (isStuck = resolve));
    const former = start('former', (key, signal) => {
      begun.push(key);
      if (key !== stuck) return;
      isStuck();
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          told = signal.reason;
          reject(signal.reason as Error);
        });
      });
    });
    await waits;
    const patch = { type: 'merge', patch: { spec: { holderIdentity: 'somebody else' } } } as const;
    await restClientFor(config).resource(leases, 'election').patch('lock', patch);
    expect(await former.outcome).toBe('lost');
    expect(isLeadershipLost(told) && told.reason).toBe('taken');
    const count = begun.length;

    const next = start('next', () => {});
    await write(client, 'second', 0, 20);
    await observer.until(() => observer.owners.length === 20 && observer.odd().length === 0);
    expect(begun).toHaveLength(count);
    await next.manager[Symbol.asyncDispose]();
    expect(await next.outcome).toBe('cancelled');
    for (const { pairs } of [former, next]) await pairs[Symbol.asyncDispose]();
    await observer[Symbol.asyncDispose]();
  });
});
