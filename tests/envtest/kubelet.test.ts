import { createHash, randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import type { Container, ContainerStateWaiting, PodStatus, Volume } from '@client-ts/api/core/v1';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type KubectlResult, runKubectl } from '../clientcmd/kubectl.js';
import { describeKubelet } from './describe-kubelet.js';
import { leftoversOf } from './leftovers.js';

/** Says back in capitals what it was told, once that has ended. */
const Server = `
require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
  let said = '';
  socket.on('data', (chunk) => { said += chunk; }).on('end', () => socket.end(said.toUpperCase()));
}).listen(80, () => console.log('listening'));
`;

/** script(1) runs a command in a terminal. */
const TerminalMaker = 'script';

const Hello = { name: 'HELLO', value: 'world' };

const isOver = ({ phase }: PodStatus): boolean => phase === 'Succeeded' || phase === 'Failed';

describeKubelet('a kubelet', ({ kubectl }) => {
  let environment: Environment;
  let admin: Clientset;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'kubelet-test-'));
    environment = await Environment.start({ kubelet: true });
    admin = new Clientset(environment.config);
    await run('server', { command: [process.execPath, '--eval', Server] }, ({ phase }) => phase === 'Running');
  });
  afterAll(async () => {
    await environment?.[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  const env = (): Record<string, string> => ({ KUBECONFIG: environment.kubeconfig, HOME: directory });
  const runs = (...args: string[]): Promise<KubectlResult> => runKubectl(kubectl, args, env());

  /** Runs a Pod of one container; resolves when it has come that far. */
  async function run(
    name: string,
    container: Partial<Container>,
    isFarEnough: (status: PodStatus) => boolean,
    volumes: Volume[] = [],
  ): Promise<PodStatus | undefined> {
    const pods = admin.coreV1().pods('default');
    const containers = [{ name: 'main', image: 'none', ...container }];
    await pods.create({
      metadata: { name },
      spec: { nodeName: 'node-1', restartPolicy: 'Never', containers, volumes },
    });
    for await (const { type, object } of pods.watch({ fieldSelector: `metadata.name=${name}` })) {
      if ((type === 'ADDED' || type === 'MODIFIED') && isFarEnough(object.status ?? {})) return object.status;
    }
    return undefined;
  }

  test('runs a Pod to its end, and has its log', async () => {
    const command = ['sh', '-c', 'echo "$HELLO"; echo end >&2; exit 3'];
    const { phase, containerStatuses } = (await run('short', { command, env: [Hello] }, isOver)) ?? {};
    expect([phase, containerStatuses?.[0]?.state?.terminated]).toMatchObject([
      'Failed',
      { exitCode: 3, reason: 'Error' },
    ]);
    expect((await runs('logs', 'short')).stdout.split('\n').toSorted()).toEqual(['', 'end', 'world']);
  });

  test('has long lines, and one without an end, in the log as they were written', async () => {
    const command = ['sh', '-c', `printf '%050000d\\nunfinished' 0`];
    await run('long', { command }, isOver);
    expect((await runs('logs', 'long')).stdout).toBe(`${'0'.repeat(50_000)}\nunfinished`);
  });

  test('mounts volumes where links lead in the container, and leaves the machine alone', async () => {
    // On many machines /var/run is a link.
    const mountPath = '/var/run/of-a-volume/deep';
    const command = ['sh', '-c', `cd ${mountPath} && echo here > file && grep -c of-a-volume/deep /proc/mounts`];
    const container = { command, volumeMounts: [{ name: 'empty', mountPath }] };
    const status = await run('volumes', container, isOver, [{ name: 'empty', emptyDir: {} }]);
    expect([status?.phase, (await runs('logs', 'volumes')).stdout]).toEqual(['Succeeded', '1\n']);
    expect(existsSync('/var/run/of-a-volume')).toBe(false);
  });

  test('refuses a container without a command: an image is not there to say which', async () => {
    const stateOf = ({ containerStatuses }: PodStatus): ContainerStateWaiting | undefined =>
      containerStatuses?.[0]?.state?.waiting;
    const status = await run('idle', {}, (status) => stateOf(status)?.reason === 'CreateContainerError');
    expect(status && stateOf(status)?.message).toContain('container main needs a command');
  });

  describe.each([
    ['WebSocket', {}],
    ['SPDY', { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' }],
  ])('over %s', (_, protocol) => {
    const runs = (...args: string[]): Promise<KubectlResult> => runKubectl(kubectl, args, { ...env(), ...protocol });

    test.each([0, 1, 42, 126, 255])('exec ends with exit code %i', async (code) => {
      const { stdout, code: seen } = await runs('exec', 'server', '--', 'sh', '-c', `echo out; exit ${code}`);
      expect([stdout, seen]).toEqual(['out\n', code]);
    });

    test('exec ends with 128 and the signal that killed the process', async () => {
      const { code } = await runs('exec', 'server', '--', 'sh', '-c', 'kill -KILL $$');
      expect(code).toBe(137);
    });

    test('exec passes stdin to its end', async () => {
      const child = spawn(kubectl, ['exec', '-i', 'server', '--', 'sha256sum'], { env: { ...env(), ...protocol } });
      const data = randomBytes(1 << 20);
      child.stdin.end(data);
      expect(await text(child.stdout)).toContain(createHash('sha256').update(data).digest('hex'));
    });

    test('exec has a terminal', async () => {
      // kubectl asks for one only when it has one itself.
      const command = `${kubectl} exec -it server -- sh -c "tty; exit 5"`;
      const child = spawn(TerminalMaker, ['--quiet', '--return', '--command', command, '/dev/null'], {
        env: { ...process.env, ...env(), ...protocol },
      });
      const exit = once(child, 'exit');
      expect(await text(child.stdout)).toMatch(/^\/dev\/pts\/\d+\r\n/);
      expect(await exit).toEqual([5, null]);
    });

    test('cp brings files there and back', async () => {
      const data = randomBytes(1 << 20);
      const [there, back] = [path.join(directory, 'there'), path.join(directory, 'back')];
      await writeFile(there, data);
      expect(await runs('cp', there, `server:${directory}/copied`)).toMatchObject({ code: 0 });
      expect(existsSync(`${directory}/copied`)).toBe(false);
      expect(await runs('cp', `server:${directory}/copied`, back)).toMatchObject({ code: 0 });
      expect((await readFile(back)).equals(data)).toBe(true);
    });

    test('port-forward connects, and passes the end of what is sent', async () => {
      const child = spawn(kubectl, ['port-forward', 'server', ':80'], { env: { ...env(), ...protocol } });
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      const socket = connect(Number(/:(\d+) -> 80$/.exec(line)?.[1]), '127.0.0.1');
      socket.end('hello');
      expect(await text(socket)).toBe('HELLO');
      child.kill();
      await once(child, 'exit');
    });
  });

  test('attach gives what the container says from then on, and takes what it is told', async () => {
    const pods = admin.coreV1().pods('default');
    const container = { name: 'main', image: 'none', command: ['cat'], stdin: true, stdinOnce: true };
    await pods.create({ metadata: { name: 'echo' }, spec: { nodeName: 'node-1', containers: [container] } });
    expect(await runs('wait', '--for=condition=Ready', '--timeout=100s', 'pod/echo')).toMatchObject({ code: 0 });
    const child = spawn(kubectl, ['attach', '-i', 'echo'], { env: env() });
    child.stdin.end('hello\n');
    expect(await text(child.stdout)).toContain('hello\n');
  });

  test('Pods run on when the kubelet is killed, and can be reached when it has been started anew', async () => {
    await environment.kill('kubelet');
    expect((await runs('exec', 'server', '--', 'true')).stderr).toContain('refused');
    await environment.restart('kubelet');
    expect(await runs('logs', 'server')).toMatchObject({ stdout: 'listening\n' });
    expect(await runs('exec', 'server', '--', 'true')).toMatchObject({ code: 0 });
  });

  test('leaves no process, mount, cgroup or file behind', async () => {
    const place = path.dirname(environment.kubeconfig);
    expect(await leftoversOf(place)).not.toEqual([]);
    await environment[Symbol.asyncDispose]();
    expect(await leftoversOf(place)).toEqual([]);
    expect(existsSync(place)).toBe(false);
  });
});
