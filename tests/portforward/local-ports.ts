import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Environment } from '@client-ts/envtest';
import { portForward } from '@client-ts/portforward/node';

/** Where the ports of the Pod `web` are reached on this machine. */
export interface LocalPorts extends AsyncDisposable {
  of(remote: number): number;
  /** What is said of the first connection that fails. */
  readonly failure: Promise<string>;
  /** Resolves when nothing is forwarded any more. */
  readonly ended: Promise<unknown>;
}

export type Forward = (environment: Environment, remotes: readonly number[]) => Promise<LocalPorts>;

export const forwardByUs: Forward = async ({ config }, remotes) => {
  const ports = remotes.map((remote) => `:${remote}`);
  let onFailure!: (why: string) => void;
  const failure = new Promise<string>((resolve) => (onFailure = resolve));
  const onConnectionError = (error: unknown): void => onFailure(String(error));
  const forwarder = await portForward(config, { namespace: 'default', pod: 'web', ports, onConnectionError });
  return {
    of: (port) => forwarder.ports.find(({ remote }) => remote === port)?.local ?? 0,
    failure,
    ended: forwarder.closed.catch(() => undefined),
    [Symbol.asyncDispose]: () => forwarder[Symbol.asyncDispose](),
  };
};

/** @returns one that runs this kubectl. */
export function forwardBy(kubectl: string): Forward {
  return async ({ kubeconfig }, remotes) => {
    const ports = remotes.map((remote) => `:${remote}`);
    const flags = ['--kubeconfig', kubeconfig, 'port-forward', 'pod/web', '--address=127.0.0.1', ...ports];
    const child = spawn(kubectl, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    const ended = once(child, 'exit');
    // Both are read on: it says something of each connection, and would wait for a reader.
    const said = createInterface({ input: child.stdout });
    const complaints = createInterface({ input: child.stderr });
    const failure = new Promise<string>((resolve) => complaints.once('line', resolve));
    const locals = new Map<number, number>();
    await new Promise<void>((resolve, reject) => {
      said.on('line', (line) => {
        const [, local, remote] = /^Forwarding from .*:(\d+) -> (\d+)$/.exec(line) ?? [];
        if (local === undefined) return;
        locals.set(Number(remote), Number(local));
        if (locals.size === remotes.length) resolve();
      });
      void ended.then(() => reject(new Error('kubectl has ended')));
    });
    return {
      of: (remote) => locals.get(remote) ?? 0,
      failure,
      ended,
      async [Symbol.asyncDispose]() {
        child.kill();
        await ended;
      },
    };
  };
}
