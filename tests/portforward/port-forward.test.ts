import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { Environment } from '@client-ts/envtest';
import { dialPort, type PodConnection, PodDialer } from '@client-ts/portforward';
import { portForward } from '@client-ts/portforward/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { runPod } from '../remotecommand/pods.js';
import { forwardBy, forwardByUs, type LocalPorts } from './local-ports.js';
import { open, tell } from './local-socket.js';
import { digestOf, mebibytes, MiB, podServers, Ports } from './pod-servers.js';

const target = { namespace: 'default', pod: 'web' };

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

      describe.each([
        ['portForward', forwardByUs],
        ['kubectl port-forward', forwardBy(kubectl)],
      ])('by %s', (_, forward) => {
        let local: LocalPorts;
        beforeAll(async () => {
          local = await forward(environment, [Ports.echo, Ports.http, Ports.digest, Ports.source]);
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
      });

      test('a port that nobody listens on fails alone, and says why', async () => {
        const failures: [string, number][] = [];
        let onFailure!: () => void;
        const failed = new Promise<void>((resolve) => (onFailure = resolve));
        await using forwarder = await portForward(environment.config, {
          ...target,
          ports: [`:${Ports.none}`, `:${Ports.echo}`],
          onConnectionError: (error, { remote }) => {
            failures.push([String(error), remote]);
            onFailure();
          },
        });
        const [none, echo] = forwarder.ports.map((port) => port.local);
        const before = await open(echo!);
        await expect(tell(none!, '')).rejects.toMatchObject({ code: 'ECONNRESET' });
        await failed;
        const why = /^PortForwardError: pod "web", port 7001: ".*connection refused/;
        expect(failures).toEqual([[expect.stringMatching(why), Ports.none]]);
        before.end('still here');
        expect([await text(before), await tell(echo!, 'another')]).toEqual(['still here', 'another']);
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

      test('connections that do not get on hold up no new ones, and no memory', async () => {
        await using dialer = new PodDialer(environment.config, target);
        await using slow = await dialer.dial(Ports.endless);
        await using deaf = await dialer.dial(Ports.deaf);
        const writer = deaf.writable.getWriter();
        const before = process.memoryUsage().rss;
        let taken = 0;
        let isStuck = false;
        const piece = new Uint8Array(MiB);
        const fill = (async () => {
          while (taken < 300) {
            await writer.write(piece);
            taken++;
          }
        })();
        fill.catch(() => undefined);
        // As long as there is progress; connections on other tunnels are made and used in the meantime.
        while (!isStuck) {
          const soFar = taken;
          for (let i = 0; i < 8; i++) expect(await said(await dialer.dial(Ports.echo), `${i}`)).toBe(`${i}`);
          isStuck = taken === soFar;
        }
        expect(taken).toBeLessThan(60);
        expect(process.memoryUsage().rss - before).toBeLessThan(250 * MiB);
        await slow[Symbol.asyncDispose]();
        await deaf[Symbol.asyncDispose]();
        await expect(fill).rejects.toMatchObject({ failure: 'disposed' });
        expect(await said(await dialer.dial(Ports.echo), 'after')).toBe('after');
      });

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

      test('silence that is longer than the heartbeat allows is lived through: the pongs break it', async () => {
        const heartbeat = { pingIntervalMs: 100, silenceTimeoutMs: 2500 };
        await using connection = await dialPort(environment.config, { ...target, port: Ports.late, heartbeat });
        expect(await text(connection.readable)).toBe('still here');
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
          await using forwarder = await portForward(environment.config, { ...target, ports: [`:${Ports.echo}`] });
          await using dialer = new PodDialer(environment.config, target);
          const [{ local } = { local: 0 }] = forwarder.ports;
          const socket = await open(local);
          socket.write('before');
          await new Promise((resolve) => socket.once('data', resolve));
          await using connection = await dialer.dial(Ports.echo);
          const reset = new Promise((resolve) => socket.once('error', resolve));
          const lost = { name: 'LostConnectionError' };
          const closed = connection.readable.getReader().closed;
          const writing = connection.writable.getWriter().closed;
          await Promise.all([
            expect(closed).rejects.toMatchObject(lost),
            expect(writing).rejects.toMatchObject(lost),
            expect(reset).resolves.toMatchObject({ code: 'ECONNRESET' }),
            environment.kill(server),
          ]);
          await environment.restart(server);
          expect(await tell(local, 'after')).toBe('after');
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
