import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../examples/kubectl-exec/main.js';
import { describeKubelet } from '../envtest/describe-kubelet.js';
import { runPod } from './pods.js';
import { missingTerminals, TerminalScript } from './terminal-script.js';

const Ours = [process.execPath, '--import', 'tsx', path.resolve('examples/kubectl-exec/cli.ts')];

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const quoted = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');

describeKubelet('the example kubectl-exec, beside kubectl', ({ kubectl }) => {
  const Theirs = [kubectl, 'exec'];
  const noTerminals = missingTerminals();
  let environment: Environment;
  let env: Record<string, string>;
  beforeAll(async () => {
    environment = await Environment.start({ kubelet: true });
    env = { KUBECONFIG: environment.kubeconfig, HOME: '/nonexistent', PATH: '/usr/bin:/bin', TERM: 'dumb' };
    await Promise.all([
      runPod(environment.config, 'web', { command: ['sleep', '3600'] }),
      runPod(environment.config, 'done', { command: ['true'] }, 'done'),
      runTwoContainers(environment),
    ]);
  });
  afterAll(() => environment?.[Symbol.asyncDispose]());

  async function run([program = '', ...args]: readonly string[], stdin = ''): Promise<Ended> {
    const child = spawn(program, args, { env });
    child.stdin.on('error', () => {}); // who does not read it ends without it
    child.stdin.end(stdin);
    const [stdout, stderr, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    ]);
    return { code, signal, stdout, stderr };
  }

  /** In this process: a program of its own takes a second to start. */
  async function runHere(words: readonly string[], stdin = ''): Promise<Ended> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const texts = Promise.all([text(stdout), text(stderr)]);
    const code = await main(words, { stdin: Readable.from([stdin]), stdout, stderr, env });
    stdout.end();
    stderr.end();
    const [out, err] = await texts;
    return { code, signal: null, stdout: out, stderr: err };
  }

  const both = (words: readonly string[], stdin?: string): Promise<[Ended, Ended]> =>
    Promise.all([runHere(words, stdin), run([...Theirs, ...words], stdin)]);

  test.each<[string, string[], string?]>([
    ['both outputs and an exit code', ['web', '--', 'sh', '-c', 'echo out; sleep 0.1; echo err >&2; exit 7']],
    ['a command with flags of its own', ['web', '--', 'printf', '%s|', '-it', '--', '-n', '$HOME', 'ö']],
    ['stdin, and its end', ['-i', 'web', '--', 'tr', 'a-z', 'A-Z'], 'hello\n'],
    ['a process that ends before stdin has', ['-i', 'web', '--', 'head', '-c', '3'], 'hello\n'],
    ['no stdin that was not asked for', ['web', '--', 'wc', '-c'], 'hello\n'],
    ['a signal', ['web', '--', 'sh', '-c', 'kill -KILL $$']],
    ['a pod with its resource, and a namespace', ['-n', 'default', 'pod/web', '--', 'true']],
    ['another namespace', ['-ndefault', '--namespace=kube-system', 'web', '--', 'true']],
    ['no terminal for what is none', ['-it', 'web', '--', 'echo', 'hello']],
    ['no terminal, quietly', ['-itq', 'web', '--', 'echo', 'hello']],
    ['no terminal without stdin', ['-t', 'web', '--', 'sh', '-c', 'test -t 1 || echo none']],
    ['one of two containers', ['-c', 'second', 'two', '--', 'sh', '-c', 'echo $WHO']],
    ['the first of two containers, and says so', ['two', '--', 'sh', '-c', 'echo $WHO']],
    ['the container of the annotation', ['annotated', '--', 'sh', '-c', 'echo $WHO']],
    ['no such container', ['-c', 'none', 'web', '--', 'true']],
    ['no such pod', ['none', '--', 'true']],
    ['no such program', ['web', '--', '/none']],
    ['a pod that is done', ['done', '--', 'true']],
    ['no command', ['web', '--']],
  ])('gives what kubectl gives: %s', async (_, words, stdin) => {
    const [ours, theirs] = await both(words, stdin);
    expect(ours).toEqual(theirs);
  });

  test('refuses command lines that cannot be meant, as kubectl does, in other words', async () => {
    for (const words of [[], ['web', 'ls'], ['web', '--frob', '--', 'ls']]) {
      const [ours, theirs] = await both(words);
      expect(ours).toMatchObject({
        code: theirs.code,
        signal: null,
        stdout: '',
        stderr: expect.stringMatching(/^error: /),
      });
    }
  });

  test('ends as programs do whose reader has gone', async () => {
    const piped = (program: readonly string[]): Promise<Ended> =>
      run(['sh', '-c', `(${quoted([...program, 'web', '--', 'yes'])}; echo $? >&2) | head -n 1`]);
    const [ours, theirs] = await Promise.all([piped(Ours), piped(Theirs)]);
    expect(ours).toEqual(theirs);
    expect(ours.stdout).toBe('y\n');
  });

  describe.skipIf(noTerminals)(noTerminals ? `on a terminal: ${noTerminals}` : 'on a terminal', () => {
    /** Runs the command on a terminal of 100 × 30, between two looks at how the terminal is set. */
    const onTerminal = (program: readonly string[], words: readonly string[]): TerminalScript => {
      const command = quoted([...program, ...words]);
      const script = `tty; stty rows 30 cols 100; stty -g; sh -c 'echo "pid $$"; exec "$@"' sh ${command}; echo "code $?"; stty -g`;
      return new TerminalScript(script, { ...env, SHELL: '/bin/sh' });
    };
    /** The exit code, and whether the terminal is as it was before. */
    const codeAndTerminal = (screen: string): [code: number, isRestored: boolean] => {
      const looks = screen.match(/^[0-9a-f]+(?::[0-9a-f]+){10,}\r$/gm) ?? [];
      return [Number(/^code (\d+)\r$/m.exec(screen)?.[1]), looks.length === 2 && looks[0] === looks[1]];
    };
    /** What the command has made of the screen. */
    const shown = (screen: string): string => /pid \d+\r\n(.*)code/s.exec(screen)?.[1] ?? screen;

    test('shows what kubectl shows, keys included, and leaves the terminal as it was', async () => {
      const script = 'stty -echo; printf "name? "; read -r name; echo "hello $name"; exit 5';
      const use = async (program: readonly string[]): Promise<string> => {
        await using terminal = onTerminal(program, ['-it', 'web', '--', 'sh', '-c', script]);
        await terminal.until(/name\? /);
        terminal.type('wörld\r');
        return await terminal.end();
      };
      const [ours, theirs] = await Promise.all([use(Ours), use(Theirs)]);
      expect(shown(ours)).toBe(shown(theirs));
      expect(shown(ours)).toContain('hello wörld\r\n');
      expect([codeAndTerminal(ours), codeAndTerminal(theirs)]).toEqual([
        [5, true],
        [5, true],
      ]);
    });

    test.each([
      ['', Ours],
      ['kubectl ', Theirs],
    ])('%stells the process its size whenever that changes, and leaves Control-C to it', async (_, program) => {
      const look = 'now=$(stty size); [ "$now" = "$last" ] || echo "size $now"; last=$now; sleep 0.05';
      await using terminal = onTerminal(program, ['-it', 'web', '--', 'sh', '-c', `while :; do ${look}; done`]);
      const device = await terminal.until(/^(\/dev\/\S+)\r\n/m);
      await terminal.until(/size 30 100\r\n/);
      await promisify(execFile)('stty', ['-F', device, 'rows', '43', 'cols', '132']);
      await terminal.until(/size 43 132\r\n/);
      terminal.type('\u0003');
      const screen = await terminal.end();
      expect(codeAndTerminal(screen)).toEqual([130, true]);
    });

    test('leaves the terminal as it was when a signal ends it', async () => {
      const end = async (signal: NodeJS.Signals): Promise<[code: number, isRestored: boolean]> => {
        await using terminal = onTerminal(Ours, ['-it', 'web', '--', 'sh', '-c', 'echo ready; cat']);
        const pid = await terminal.until(/pid (\d+)\r\n/);
        await terminal.until(/ready\r\n/);
        process.kill(Number(pid), signal);
        return codeAndTerminal(await terminal.end());
      };
      expect(await Promise.all([end('SIGTERM'), end('SIGHUP')])).toEqual([
        [143, true],
        [129, true],
      ]);
    });

    // The last one: there is no server any more.
    test('leaves the terminal as it was when the connection is lost', async () => {
      await using terminal = onTerminal(Ours, ['-it', 'web', '--', 'sh', '-c', 'echo ready; cat']);
      await terminal.until(/ready\r\n/);
      await environment.kill('kube-apiserver');
      const screen = await terminal.end();
      expect(codeAndTerminal(screen)).toEqual([1, true]);
      expect(shown(screen)).toMatch(/ready\r\nerror: 127\.0\.0\.1:\d+: [^\r\n]+\r\n$/);
    });
  });
});

/** Two Pods of two containers; one says which is meant. */
async function runTwoContainers({ config }: Environment): Promise<void> {
  const pods = new Clientset(config).coreV1().pods('default');
  const containers = ['first', 'second'].map((name) => ({
    name,
    image: 'none',
    command: ['sleep', '3600'],
    env: [{ name: 'WHO', value: name }],
  }));
  const annotations = { 'kubectl.kubernetes.io/default-container': 'second' };
  const spec = { nodeName: 'node-1', terminationGracePeriodSeconds: 1, containers };
  await pods.create({ metadata: { name: 'two' }, spec });
  await pods.create({ metadata: { name: 'annotated', annotations }, spec });
  const running = new Set<string | undefined>();
  for await (const { type, object } of pods.watch()) {
    if (type !== 'ADDED' && type !== 'MODIFIED') continue;
    const { metadata, status } = object;
    if (status?.containerStatuses?.every(({ ready }) => ready)) running.add(metadata?.name);
    if (running.has('two') && running.has('annotated')) return;
  }
}
