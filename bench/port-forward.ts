import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { Environment, findBinaries, missingKubelet } from '@client-ts/envtest';
import { dialPort } from '@client-ts/portforward';
import { portForward } from '@client-ts/portforward/node';
import { runPod } from '../tests/remotecommand/pods.js';
import type { Benchmark, Contest } from './benchmark.js';
import { missingServer } from './missing-server.js';
import { steadily } from './steadily.js';

const MiB = 2 ** 20;

const Port = { down: 7000, up: 7001 } as const;

/** Clock ticks of Linux: a hundred a second on all machines that Node.js runs on. */
const MsPerTick = 10;

const target = { namespace: 'default', pod: 'web' };

/** Says so many mebibytes as it is told, or says how many it was told. */
const Server = `
const net = require('node:net');
const piece = Buffer.alloc(${MiB});
const listen = (port, listener) => new Promise((resolve) => {
  net.createServer({ allowHalfOpen: true }, listener).on('error', () => {}).listen(port, resolve);
});
Promise.all([
  listen(${Port.down}, (socket) => socket.once('data', async (said) => {
    for (let left = Number(said); left > 0; left--) {
      if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
    }
    socket.end();
  })),
  listen(${Port.up}, (socket) => {
    let size = 0;
    socket.on('data', ({ length }) => { size += length; }).on('end', () => socket.end(String(size)));
  }),
]).then(() => require('node:fs').writeFileSync('/tmp/listening', ''));
`;

const readinessProbe = { exec: { command: ['test', '-e', '/tmp/listening'] }, periodSeconds: 1, timeoutSeconds: 30 };

/** The local side of a contest, in a process of its own; prints how many mebibytes it has seen or sent. */
const Client = `
const [, direction, port, size] = process.argv;
const socket = require('node:net').connect({
  port: Number(port), host: '127.0.0.1', allowHalfOpen: true,
  ...(direction === 'down' ? { onread: { buffer: Buffer.alloc(${MiB}), callback: (length) => { seen += length; return true; } } } : {}),
});
let seen = 0;
socket.on('connect', async () => {
  if (direction === 'down') {
    socket.write(size);
    await new Promise((resolve) => socket.on('end', resolve));
    console.log(seen / ${MiB});
    socket.end();
  } else {
    const piece = Buffer.alloc(${MiB});
    for (let left = Number(size); left > 0; left--) {
      if (!socket.write(piece)) await new Promise((resolve) => socket.once('drain', resolve));
    }
    socket.end();
    let answer = '';
    for await (const bytes of socket) answer += bytes;
    console.log(Number(answer) / ${MiB});
  }
});
`;

/** Through kube-apiserver and kubelet, from a Pod or to it. */
export function portForwarding(direction: 'down' | 'up'): Benchmark {
  return {
    name: `port-forward-${direction}`,
    title: `what a program ${direction === 'down' ? 'gets from' : 'sends to'} a port of a Pod, through kube-apiserver and kubelet`,
    unit: 'mebibyte',
    size: 256,
    heavy: true,
    missing: () => missingServer() ?? missingKubelet(),
    async prepare(size) {
      const open: AsyncDisposable[] = [];
      const dispose = async (): Promise<void> => {
        for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
      };
      try {
        const environment = await Environment.start({ kubelet: true });
        open.push(environment);
        await runPod(environment.config, 'web', { command: [process.execPath, '--eval', Server], readinessProbe });
        const ports = [`:${Port[direction]}`];
        const forwarder = await portForward(environment.config, { ...target, ports });
        const [{ local } = { local: 0 }] = forwarder.ports;
        const peer = await Peer.start(environment, ports);
        open.push(forwarder, peer);
        const contenders: Contest['contenders'] = [
          {
            name: 'peer: kubectl port-forward',
            async run() {
              const forward = (some: number): Promise<number> => client(direction, peer.local, some);
              const outcome = await steadily(size, forward, () => peer.cpuMs);
              return { ...outcome, spent: { ...outcome.spent, stallMs: NaN } };
            },
          },
          { name: 'portForward()', run: () => steadily(size, (some) => client(direction, local, some)) },
          {
            name: 'dialPort(), read and written here',
            run: () => steadily(size, (some) => dialed(environment, direction, some)),
          },
        ];
        return { contenders, [Symbol.asyncDispose]: dispose };
      } catch (error) {
        await dispose();
        throw error;
      }
    },
  };
}

async function dialed({ config }: Environment, direction: 'down' | 'up', size: number): Promise<number> {
  await using connection = await dialPort(config, { ...target, port: Port[direction] });
  const writer = connection.writable.getWriter();
  if (direction === 'up') {
    const piece = new Uint8Array(MiB);
    for (let left = size; left > 0; left--) await writer.write(piece);
    await writer.close();
    return Number(await text(connection.readable)) / MiB;
  }
  await writer.write(new TextEncoder().encode(String(size)));
  let bytes = 0;
  for await (const chunk of connection.readable) bytes += chunk.length;
  return bytes / MiB;
}

async function client(...args: readonly [direction: string, port: number, size: number]): Promise<number> {
  const child = spawn(process.execPath, ['--eval', Client, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return Number(await text(child.stdout));
}

/** A kubectl that forwards one port. */
class Peer implements AsyncDisposable {
  readonly local: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, local: number) {
    this.#child = child;
    this.local = local;
  }

  static async start({ kubeconfig }: Environment, ports: readonly string[]): Promise<Peer> {
    const { kubectl } = findBinaries({ needs: ['kubectl'] });
    const flags = ['--kubeconfig', kubeconfig, 'port-forward', 'pod/web', '--address=127.0.0.1', ...ports];
    const child = spawn(kubectl, flags, { stdio: ['ignore', 'pipe', 'ignore'] });
    // It is read on: kubectl says something of each connection, and would wait for a reader.
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return new Peer(child, Number(/:(\d+) -> \d+$/.exec(line)?.[1]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'exit');
  }

  /** What it took from its start to now. */
  get cpuMs(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MsPerTick;
  }
}
