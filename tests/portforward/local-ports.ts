import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Environment } from '@client-ts/envtest';
import { portForward } from '@client-ts/portforward/node';

/** Where the ports of the Pod `web` are reached on this machine. */
export interface LocalPorts extends AsyncDisposable {
  of(remote: number): number;
}

export type Forward = (environment: Environment, remotes: readonly number[]) => Promise<LocalPorts>;

export const forwardByUs: Forward = async ({ config }, remotes) => {
  const ports = remotes.map((remote) => `:${remote}`);
  const forwarder = await portForward(config, { namespace: 'default', pod: 'web', ports });
  return {
    of: (port) => forwarder.ports.find(({ remote }) => remote === port)?.local ?? 0,
    [Symbol.asyncDispose]: () => forwarder[Symbol.asyncDispose](),
  };
};

/** @returns one that runs this kubectl. */
export function forwardBy(kubectl: string): Forward {
  return async ({ kubeconfig }, remotes) => {
    const ports = remotes.map((remote) => `:${remote}`);
    const child = spawn(
      kubectl,
      ['--kubeconfig', kubeconfig, 'port-forward', 'pod/web', '--address=127.0.0.1', ...ports],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const locals = await localsOf(child, remotes.length);
    return {
      of: (remote) => locals.get(remote) ?? 0,
      async [Symbol.asyncDispose]() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill();
        await once(child, 'exit');
      },
    };
  };
}

/** Reads on after that: it says something of each connection, and would wait for a reader. */
async function localsOf(child: ChildProcess, count: number): Promise<Map<number, number>> {
  const locals = new Map<number, number>();
  const lines = createInterface({ input: child.stdout! });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      const [, local, remote] = /^Forwarding from .*:(\d+) -> (\d+)$/.exec(line) ?? [];
      if (local === undefined) return;
      locals.set(Number(remote), Number(local));
      if (locals.size === count) resolve();
    });
    child.once('exit', () => reject(new Error('kubectl has ended')));
  });
  return locals;
}
