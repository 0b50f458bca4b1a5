import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { Environment } from '@client-ts/envtest';
import { dialPort, type PodConnection, PodDialer } from '@client-ts/portforward';
import { portForward } from '@client-ts/portforward/node';
import type { Transport } from '@client-ts/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { runPod } from '../remotecommand/pods.js';
import { CountingTransport } from './counting-transport.js';
import { type Forward, forwardBy, forwardByUs, type LocalPorts } from './local-ports.js';
import { heardBy, open, tell } from './local-socket.js';
import { digestOf, mebibytes, MiB, podServers, Ports } from './pod-servers.js';

const target = { namespace: 'default', pod: 'web' };

/** What comes of it when something ends or fails. */
interface Manners {
  /** How a connection that failed ends for its client. */
  readonly failure: 'end' | 'reset';
  readonly failsAlone: boolean;
  /** What a Pod hears of that which a client says after the Pod has said all. */
  readonly heard: readonly string[];
}

/** Those that fewer cases do for: the way to the Pod is another one there, and what comes out is the same. */
describe.each([
  ['through kube-apiserver to the kubelet', '1.37', { connections: 1000, mebibytes: 100 }],
  ['translated by kube-apiserver', '1.34', { connections: 200, mebibytes: 24 }],
])('%s', (title, version, size) => {
  describeKubelet(
    title,
    ({ kubectl }) => {
      let environment: Environment;
      beforeAll(async () => {
        environment = await Environment.start({ kubelet: true, version });
        await runPod(environment.config, 'web', podServers);
      });
      afterAll(() => environment?.[Symbol.asyncDispose]());

      describe.each<[string, Forward, Manners]>([
        ['portForward', forwardByUs, { failure: 'reset', failsAlone: true, heard: ['heard ', 'after the end'] }],
        // To a client, what was broken off is whole; and a connection that fails takes all others with it.
        ['kubectl port-forward', forwardBy(kubectl), { failure: 'end', failsAlone: false, heard: [] }],
      ])('by %s', (_, forward, { failure, failsAlone, heard }) => {
        let local: LocalPorts;
        beforeAll(async () => {
          const { echo, http, digest, source, early, heard } = Ports;
          local = await forward(environment, [echo, http, digest, source, early, heard]);
        });
        afterAll(() => local?.[Symbol.asyncDispose]());

        test('an HTTP connection stays open from one request to the next', async () => {
          const agent = new Agent({ keepAlive: true, maxSockets: 1 });
          const answers: string[] = [];
          for (let i = 0; i < 20; i++) {
            answers.push(
              await new Promise<string>((resolve, reject) => {
                get({ agent, host: '127.0.0.1', port: local.of(Ports.http) }, (response) => {
                  text(response).then(resolve, reject);
                }).on('error', reject);
              }),
            );
          }
          agent.destroy();
          expect(answers).toEqual(answers.map((_answer, i) => String(i + 1)));
        });

        test('many connections, fifty at a time, each get what is theirs', async () => {
          const waiting = Array.from({ length: size.connections }, (_connection, i) => `connection ${i}`);
          const wrong: string[] = [];
          const worker = async (): Promise<void> => {
            for (let said = waiting.pop(); said !== undefined; said = waiting.pop()) {
              const answer = await tell(local.of(Ports.echo), said);
              if (answer !== said) wrong.push(`${said}: ${answer}`);
            }
          };
          await Promise.all(Array.from({ length: 50 }, worker));
          expect(wrong).toEqual([]);
        });

        test('much comes down whole', async () => {
          const socket = await open(local.of(Ports.source));
          socket.write(String(size.mebibytes));
          expect(await digestOf(socket)).toBe(await digestOf(mebibytes(size.mebibytes)));
          socket.end();
        });

        test('much goes up whole, and the Pod hears that it was all', async () => {
          const answer = await tell(local.of(Ports.digest), mebibytes(size.mebibytes));
          expect(answer).toBe(await digestOf(mebibytes(size.mebibytes)));
        });

        test('each direction of a connection ends for itself', async () => {
          const socket = await open(local.of(Ports.early));
          expect(await heardBy(socket)).toEqual(['bye\n', 'end']);
          for (const words of ['heard ', 'after the end']) socket.write(words);
          socket.end();
          // Which is known when it is, and nothing tells the client of.
          let known = '';
          while (known === '') known = await tell(local.of(Ports.heard), '');
          expect(known).toBe(await digestOf(heard.map((words) => Buffer.from(words))));
        });

        test.each([
          ['a port that nobody listens on', Ports.none, '', /7001.*connection refused/],
          ['a reset by the Pod', Ports.reset, 'some', /7007.*connection reset by peer/],
        ])('%s is a failure, of which is told why', async (_case, port, says, why) => {
          await using own = await forward(environment, [port, Ports.echo]);
          const neighbour = await open(own.of(Ports.echo));
          const beside = heardBy(neighbour);
          neighbour.write('before');
          await once(neighbour, 'data');
          const socket = await open(own.of(port));
          const hearing = heardBy(socket);
          if (says !== '') {
            socket.write('say it');
            await once(socket, 'data');
            socket.end();
          }
          expect(await hearing).toEqual([says, failure]);
          expect(await own.failure).toMatch(why);
          if (failsAlone) {
            neighbour.end(' and after');
            expect(await beside).toEqual(['before and after', 'end']);
            expect(await tell(own.of(Ports.echo), 'another')).toBe('another');
          } else {
            expect(await beside).toEqual(['before', failure]);
            await own.ended;
          }
        });
      });

      test('each direction of a connection ends for itself', async () => {
        await using dialer = new PodDialer(environment.config, target);
        await using connection = await dialer.dial(Ports.early);
        expect(await text(connection.readable)).toBe('bye\n');
        const writer = connection.writable.getWriter();
        await writer.write(new TextEncoder().encode('heard '));
        await writer.write(new TextEncoder().encode('after the end'));
        await writer.close();
        // What was heard is known when it is, which nothing tells the client of.
        let heard = '';
        while (heard === '') heard = await said(await dialer.dial(Ports.heard));
        expect(heard).toBe(await digestOf([Buffer.from('heard after the end')]));
      });

      test('a reset by the Pod is no end', async () => {
        await using connection = await dialPort(environment.config, { ...target, port: Ports.reset });
        await connection.writable.close();
        const failure = { name: 'PortForwardError', failure: 'remote' };
        await expect(text(connection.readable)).rejects.toMatchObject({
          ...failure,
          message: expect.stringContaining('connection reset by peer'),
        });
      });

      test.concurrent('connections that do not get on hold up no new ones, and no memory', async () => {
        const transport = new CountingTransport(environment.config.transport as Required<Transport>);
        await using dialer = new PodDialer({ ...environment.config, transport }, target);
        await using slow = await dialer.dial(Ports.endless);
        const [slowTunnel] = transport.webSockets;
        // Between turns of the event loop, who does not wait for a message has no room for one.
        while (slowTunnel!.isRead) await new Promise((resolve) => setImmediate(resolve));
        await using deaf = await dialer.dial(Ports.deaf);
        const writer = deaf.writable.getWriter();
        const piece = new Uint8Array(MiB);
        let taken = 0;
        const fill = (async () => {
          // What the servers and their sockets have room for, many times.
          for (; taken < 500; taken++) await writer.write(piece);
        })();
        fill.catch(() => undefined);
        // As long as there is progress; connections on other tunnels are made and used in the meantime.
        for (let soFar = -1; soFar !== taken;) {
          soFar = taken;
          for (let i = 0; i < 8; i++) expect(await said(await dialer.dial(Ports.echo), `${i}`)).toBe(`${i}`);
        }
        // The bound of what is kept for a reader, and a message that came when there was still room.
        expect(slowTunnel!.received).toBeLessThan(MiB + 64 * 1024);
        // What may wait before a writer has to, the piece that was written then, and heads of frames.
        expect(Math.max(...transport.webSockets.map(({ maxUnsent }) => maxUnsent))).toBeLessThan(1.25 * MiB + 4096);
        await slow[Symbol.asyncDispose]();
        await deaf[Symbol.asyncDispose]();
        await expect(fill).rejects.toMatchObject({ failure: 'disposed' });
        expect(await said(await dialer.dial(Ports.echo), 'after')).toBe('after');
      });

      test.concurrent(
        'silence that is longer than the heartbeat allows is lived through: the pongs break it',
        async () => {
          const heartbeat = { pingIntervalMs: 100, silenceTimeoutMs: 2500 };
          await using connection = await dialPort(environment.config, { ...target, port: Ports.late, heartbeat });
          expect(await text(connection.readable)).toBe('still here');
        },
      );

      test('what the Pod goes on sending after a reset holds up nothing', async () => {
        await using dialer = new PodDialer(environment.config, target);
        for (let i = 0; i < 3; i++) {
          const connection = await dialer.dial(Ports.endless);
          const reader = connection.readable.getReader();
          await reader.read();
          await connection[Symbol.asyncDispose]();
          await expect(reader.closed).rejects.toMatchObject({ failure: 'disposed' });
          expect(await said(await dialer.dial(Ports.echo), `${i}`)).toBe(`${i}`);
        }
      });

      test('an abort ends a connection in the middle, and no other', async () => {
        await using dialer = new PodDialer(environment.config, target);
        await using other = await dialer.dial(Ports.echo);
        const controller = new AbortController();
        const connection = await dialer.dial(Ports.source, { signal: controller.signal });
        const reader = connection.readable.getReader();
        await connection.writable.getWriter().write(Buffer.from('50'));
        await reader.read();
        const why = new Error('enough');
        controller.abort(why);
        await expect(reader.closed).rejects.toBe(why);
        expect(await said(other, 'still here')).toBe('still here');
      });

      test('a Pod that is not there is told of', async () => {
        const none = { ...target, pod: 'none' };
        const message = 'pods "none" not found';
        await expect(dialPort(environment.config, { ...none, port: 80 })).rejects.toMatchObject({ message });
        await expect(portForward(environment.config, { ...none, ports: [':80'] })).rejects.toMatchObject({ message });
      });

      test.each(['kube-apiserver', 'kubelet'] as const)(
        'a %s that is killed is a lost connection, and the next connection works',
        async (server) => {
          await using dialer = new PodDialer(environment.config, target);
          await using connection = await dialer.dial(Ports.echo);
          await using ours = await forwardByUs(environment, [Ports.echo]);
          await using theirs = await forwardBy(kubectl)(environment, [Ports.echo]);
          const sockets = await Promise.all([ours, theirs].map((local) => open(local.of(Ports.echo))));
          const hearing = sockets.map(heardBy);
          for (const socket of sockets) {
            socket.write('before');
            await once(socket, 'data');
          }
          const lost = { name: 'LostConnectionError' };
          await Promise.all([
            expect(connection.readable.getReader().closed).rejects.toMatchObject(lost),
            expect(connection.writable.getWriter().closed).rejects.toMatchObject(lost),
            // To kubectl's client it looks like a good end.
            expect(Promise.all(hearing)).resolves.toEqual([
              ['before', 'reset'],
              ['before', 'end'],
            ]),
            environment.kill(server),
          ]);
          await environment.restart(server);
          expect(await tell(ours.of(Ports.echo), 'after')).toBe('after');
          expect(await said(await dialer.dial(Ports.echo), 'after')).toBe('after');
        },
      );
    },
    version,
  );
});

/** Says this, and all; gives the answer. */
async function said(connection: PodConnection, words = ''): Promise<string> {
  await using _ = connection;
  const writer = connection.writable.getWriter();
  // A Pod that has ended for good takes neither.
  await writer.write(Buffer.from(words)).catch(() => undefined);
  await writer.close().catch(() => undefined);
  return await text(connection.readable);
}
