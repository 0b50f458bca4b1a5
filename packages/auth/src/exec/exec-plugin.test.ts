import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ExecConfig } from './exec-config.js';
import { ExecPlugin, type ExecPluginOptions } from './exec-plugin.js';
import type { ExecPluginCallStatus, ExecPluginEvent } from './exec-plugin-event.js';
import type { PluginResult, PluginRun } from './run-plugin.js';

const apiVersion = 'client.authentication.k8s.io/v1';
const Config: ExecConfig = { command: process.execPath, apiVersion, interactiveMode: 'Never' };

/** A plugin that answers as the test says, one answer for each run; the last one stays. */
function setUp(config: Partial<ExecConfig> = {}, options: ExecPluginOptions = {}) {
  const clock = new FakeClock();
  const answers: object[] = [];
  const runs: PluginRun[] = [];
  const plugin = new ExecPlugin(
    { ...Config, ...config },
    {
      clock,
      async run(run) {
        runs.push(run);
        const answer = await Promise.resolve(answers.length > 1 ? answers.shift() : answers[0]);
        if (answer instanceof Error) throw answer;
        if (answer && ('code' in answer || 'stdout' in answer)) {
          return { stdout: '', code: undefined, killedBy: undefined, ...(answer as Partial<PluginResult>) };
        }
        return {
          stdout: JSON.stringify({ kind: 'ExecCredential', apiVersion, status: answer }),
          code: 0,
          killedBy: undefined,
        };
      },
      ...options,
    },
  );
  return { clock, answers, runs, plugin };
}

const at = (clock: FakeClock, ms: number): string => new Date(clock.now() + ms).toISOString();

test('plugins that need the terminal run one at a time, others do not wait', async () => {
  const running: string[] = [];
  const start = (name: string, interactiveMode: string) => {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const options: ExecPluginOptions = {
      stdin: { isTerminal: () => true },
      async run() {
        running.push(name);
        begin();
        await ended;
        const stdout = JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token: name } });
        return { stdout, code: 0, killedBy: undefined };
      },
    };
    return { token: setUp({ interactiveMode }, options).plugin.token({}), begun, end };
  };
  const [one, two, other] = [start('one', 'Always'), start('two', 'Always'), start('other', 'IfAvailable')];
  await Promise.all([Promise.race([one.begun, two.begun]), other.begun]);
  // Whoever comes now has overtaken one of the two.
  const last = start('last', 'IfAvailable');
  await last.begun;
  expect(running).toHaveLength(3);
  for (const each of [one, two, other, last]) each.end();
  expect(await Promise.all([one.token, two.token, other.token, last.token])).toEqual(['one', 'two', 'other', 'last']);
});

describe('a credential', () => {
  test('comes from one run, however many ask at once', async () => {
    const { plugin, answers, runs } = setUp();
    answers.push({ token: 't' });
    const tokens = await Promise.all(Array.from({ length: 20 }, () => plugin.token({})));
    expect(new Set(tokens)).toEqual(new Set(['t']));
    expect(await plugin.token({})).toBe('t');
    expect(runs).toHaveLength(1);
  });

  test('without an expiry counts until it is refused', async () => {
    const { plugin, answers, runs, clock } = setUp();
    answers.push({ token: 'one' }, { token: 'two' });
    expect(await plugin.token({})).toBe('one');
    await clock.advance(365 * 86_400_000);
    expect(await plugin.token({})).toBe('one');
    expect(await plugin.token({ rejected: 'one' })).toBe('two');
    expect(runs).toHaveLength(2);
  });

  test('with an expiry counts up to it', async () => {
    const { plugin, answers, clock } = setUp();
    answers.push({ token: 'one', expirationTimestamp: at(clock, 60_000) }, { token: 'two' });
    expect(await plugin.token({})).toBe('one');
    await clock.advance(60_000);
    expect(await plugin.token({})).toBe('one');
    await clock.advance(1);
    expect(await plugin.token({})).toBe('two');
  });

  test('that comes expired is given once, and asked for again', async () => {
    const { plugin, answers, clock, runs } = setUp();
    answers.push({ token: 'old', expirationTimestamp: at(clock, -1) });
    expect(await plugin.token({})).toBe('old');
    expect(await plugin.token({})).toBe('old');
    expect(runs).toHaveLength(2);
  });

  test('that many saw refused is replaced once', async () => {
    const { plugin, answers, runs } = setUp();
    answers.push({ token: 'one' }, { token: 'two' });
    await plugin.token({});
    const tokens = await Promise.all(Array.from({ length: 20 }, () => plugin.token({ rejected: 'one' })));
    expect(new Set(tokens)).toEqual(new Set(['two']));
    expect(await plugin.token({ rejected: 'one' })).toBe('two');
    expect(runs).toHaveLength(2);
  });

  test('that is refused and given again is not asked for by everybody who sees it refused', async () => {
    const { plugin, answers, clock, runs } = setUp();
    answers.push({ token: 'same' });
    await plugin.token({});
    expect(await plugin.token({ rejected: 'same' })).toBe('same');
    expect(await plugin.token({ rejected: 'same' })).toBe('same');
    expect(runs).toHaveLength(2);
    await clock.advance(5000);
    expect(await plugin.token({ rejected: 'same' })).toBe('same');
    expect(runs).toHaveLength(3);
  });

  test('can be refused as a whole, when it has no token', async () => {
    const { plugin, answers, runs } = setUp();
    answers.push({ token: 'one' }, { token: 'two' });
    const one = await plugin.credential();
    expect(await plugin.credential({ rejected: one })).toEqual({ token: 'two' });
    expect(await plugin.credential({ rejected: one })).toEqual({ token: 'two' });
    expect(runs).toHaveLength(2);
  });

  test('that failed to come is asked for again', async () => {
    const { plugin, answers } = setUp();
    answers.push({ code: 1 }, { token: 't' });
    await expect(plugin.token({})).rejects.toThrow('failed with exit code 1');
    expect(await plugin.token({})).toBe('t');
  });

  test('of before stays when a refused one cannot be replaced', async () => {
    const { plugin, answers } = setUp();
    answers.push({ token: 'one' }, { code: 1 });
    await plugin.token({});
    await expect(plugin.token({ rejected: 'one' })).rejects.toThrow('failed with exit code 1');
    expect(await plugin.token({})).toBe('one');
  });
});

describe('an abort', () => {
  test('ends the process when nobody else waits', async () => {
    const { plugin, answers, runs } = setUp();
    answers.push(new Promise(() => undefined));
    const controller = new AbortController();
    const token = plugin.token({ signal: controller.signal });
    // Programs are looked for in real time.
    while (runs.length === 0) await settle();
    controller.abort(new Error('mine'));
    await expect(token).rejects.toThrow('mine');
    expect(runs[0]?.signal.aborted).toBe(true);
  });

  test('leaves the process to those who wait', async () => {
    const { plugin, answers, runs } = setUp();
    answers.push({ token: 't' });
    const controller = new AbortController();
    const [left, stayed] = [plugin.token({ signal: controller.signal }), plugin.token({})];
    controller.abort(new Error('mine'));
    await expect(left).rejects.toThrow('mine');
    expect(await stayed).toBe('t');
    expect(runs).toHaveLength(1);
  });

  test('before the call starts nothing', async () => {
    const { plugin, runs } = setUp();
    await expect(plugin.token({ signal: AbortSignal.abort(new Error('mine')) })).rejects.toThrow('mine');
    expect(runs).toHaveLength(0);
  });
});

describe('the process', () => {
  test('gets arguments, variables in the order of precedence, and what it has to know', async () => {
    const { plugin, answers, runs } = setUp(
      {
        args: ['get-token', '--x'],
        env: [
          { name: 'OWN', value: 'config' },
          { name: 'KUBERNETES_EXEC_INFO', value: 'forged' },
          { name: '__proto__', value: 'x' },
        ],
      },
      { env: { OWN: 'process', OTHER: 'process' } },
    );
    answers.push({ token: 't' });
    await plugin.token({});
    const { KUBERNETES_EXEC_INFO: info = '', ...env } = runs[0]?.env ?? {};
    expect(runs[0]).toMatchObject({ file: process.execPath, args: ['get-token', '--x'], interactive: false });
    expect(Object.entries(env)).toEqual([
      ['OWN', 'config'],
      ['OTHER', 'process'],
      ['__proto__', 'x'],
    ]);
    expect(JSON.parse(info)).toEqual({ kind: 'ExecCredential', apiVersion, spec: { interactive: false } });
  });

  test.each([
    [true, { server: 'https://one', config: null }],
    [false, undefined],
  ])('is told of its cluster when it asks: %s', async (provideClusterInfo, expected) => {
    const { plugin, answers, runs } = setUp({ provideClusterInfo }, { cluster: { server: 'https://one' } });
    answers.push({ token: 't' });
    await plugin.token({});
    const info = JSON.parse(runs[0]?.env['KUBERNETES_EXEC_INFO'] ?? '') as { spec: { cluster?: object } };
    expect(info.spec.cluster).toEqual(expected);
  });

  test('gets standard input, and is told so, when there is a terminal', async () => {
    const { plugin, answers, runs } = setUp({ interactiveMode: 'Always' }, { stdin: { isTerminal: () => true } });
    answers.push({ token: 't' });
    await plugin.token({});
    expect(runs[0]?.interactive).toBe(true);
    expect(runs[0]?.env['KUBERNETES_EXEC_INFO']).toContain('"interactive":true');
  });

  test('does not run where it cannot ask', async () => {
    const { plugin, runs } = setUp({ interactiveMode: 'Always' }, { stdin: { isTerminal: () => false } });
    await expect(plugin.token({})).rejects.toMatchObject({ failure: 'not-interactive' });
    expect(runs).toHaveLength(0);
  });

  test('does not run where the policy does not allow it', async () => {
    const { plugin, runs } = setUp({}, { policy: { type: 'DenyAll' } });
    await expect(plugin.token({})).rejects.toMatchObject({ failure: 'not-allowed' });
    expect(runs).toHaveLength(0);
  });
});

describe('whoever observes it is told', () => {
  const plugin = { command: process.execPath };
  const [cert, key] = ['cert', 'key'].map((name) =>
    readFileSync(new URL(`../testdata/client.${name}.pem`, import.meta.url), 'utf8'),
  );
  const [notBefore, expiresAt] = [Date.UTC(2026, 10, 25, 15, 49, 8), Date.UTC(2126, 10, 1, 15, 49, 8)];
  const allowed: ExecPluginEvent = { type: 'policyChecked', plugin, allowed: true };
  const called = (status: ExecPluginCallStatus, exitCode: number): ExecPluginEvent => {
    return { type: 'called', plugin, status, exitCode };
  };

  function observed(config: Partial<ExecConfig> = {}, options: ExecPluginOptions = {}) {
    const events: ExecPluginEvent[] = [];
    return { events, ...setUp(config, { observer: (event) => events.push(event), ...options }) };
  }

  const failing = (code: string): Error => Object.assign(new Error(code), { code });

  test.each<[string, object, ExecPluginEvent]>([
    ['success', { token: 't' }, called('no_error', 0)],
    ['success, whatever it printed', { stdout: 'nonsense', code: 0 }, called('no_error', 0)],
    ['an exit code', { code: 3 }, called('plugin_execution_error', 3)],
    ['a signal', { killedBy: 'SIGKILL', code: undefined }, called('plugin_execution_error', -1)],
    ['no interpreter', failing('ENOENT'), called('plugin_not_found_error', 1)],
    ['no permission', failing('EACCES'), called('plugin_not_found_error', 1)],
    ['something else', new Error('of ours'), called('client_internal_error', 1)],
  ])('of %s', async (_, answer, event) => {
    const { events, plugin, answers } = observed();
    answers.push(answer);
    await plugin.token({}).catch(() => undefined);
    expect(events).toEqual([allowed, event]);
  });

  test('of a program that is not there, and of one that may not run', async () => {
    const absent = observed({ command: 'absent' }, { env: {} });
    await expect(absent.plugin.token({})).rejects.toMatchObject({ failure: 'not-found' });
    expect(absent.events).toMatchObject([{ allowed: true }, { status: 'plugin_not_found_error', exitCode: 1 }]);
    const denied = observed({}, { policy: { type: 'DenyAll' } });
    await expect(denied.plugin.token({})).rejects.toMatchObject({ failure: 'not-allowed' });
    expect(denied.events).toEqual([{ type: 'policyChecked', plugin, allowed: false }]);
  });

  test('of nothing when the run is aborted', async () => {
    const { events, plugin, answers, runs } = observed();
    let end: (error: Error) => void = () => undefined;
    answers.push(new Promise((_, reject) => (end = reject)));
    const controller = new AbortController();
    const token = plugin.token({ signal: controller.signal });
    while (runs.length === 0) await settle();
    controller.abort(new Error('mine'));
    end(new Error('mine'));
    await expect(token).rejects.toThrow('mine');
    await settle();
    expect(events).toEqual([allowed]);
  });

  test('of certificates: the first, the next, and that there is none any more', async () => {
    const { events, plugin, answers, clock } = observed();
    await clock.advance(notBefore + 60_000 - clock.now());
    const given = { clientCertificateData: cert, clientKeyData: key };
    const other = { ...given, clientCertificateData: `${cert}\n` };
    answers.push(given, given, other, { token: 't' }, { token: 'u' });
    let rejected = await plugin.credential();
    for (let run = 1; run < 5; run++) {
      await clock.advance(10_000);
      rejected = await plugin.credential({ rejected });
    }
    const told = events.filter(({ type }) => type === 'certificateChanged');
    expect(told).toMatchObject([
      { expiresAt, replacedAgeMs: undefined },
      { expiresAt, replacedAgeMs: 80_000 },
      { expiresAt: undefined, replacedAgeMs: 90_000 },
    ]);
    expect(new Set(events.map((event) => event.plugin)).size).toBe(1);
  });

  test('through channels, of the plugins of all clients', async () => {
    const told: unknown[] = [];
    const listen = (event: unknown): void => void told.push(event);
    subscribe('client-ts:auth:called', listen);
    try {
      const { plugin, answers } = setUp();
      answers.push({ token: 't' });
      await plugin.token({});
    } finally {
      unsubscribe('client-ts:auth:called', listen);
    }
    expect(told).toEqual([called('no_error', 0)]);
  });
});

describe('failures', () => {
  const Secret = 'do-not-print-me';
  const name = JSON.stringify(process.execPath);

  test.each<[string, object | Error, string, string]>([
    ['an exit code', { code: 5, stdout: Secret }, 'failed', `exec: executable ${name} failed with exit code 5`],
    ['a signal', { killedBy: 'SIGKILL', code: undefined }, 'failed', `exec: executable ${name} was killed by SIGKILL`],
    [
      'no credential',
      { stdout: Secret, code: 0 },
      'bad-output',
      `exec: executable ${name} printed no usable credential: expected an ExecCredential`,
    ],
    [
      'no interpreter',
      Object.assign(new Error('spawn x ENOENT'), { code: 'ENOENT' }),
      'not-found',
      `exec: executable ${name} not found, or what runs it\n\nIt looks`,
    ],
    ['no permission', new Error('spawn x EACCES'), 'failed', `exec: executable ${name} cannot be run: spawn x EACCES`],
  ])('%s', async (_, answer, failure, message) => {
    const { plugin, answers } = setUp();
    answers.push(answer);
    const error = await plugin.token({}).catch((error: unknown) => error as Error);
    expect(error).toMatchObject({ name: 'ExecPluginError', failure });
    expect((error as Error).message).toContain(message);
    expect(`${(error as Error).message} ${String((error as Error).cause)}`).not.toContain(Secret);
  });

  test('a program that is not there, with what to do about it, ten times an hour', async () => {
    const { plugin } = setUp({ command: 'no-such-plugin', installHint: 'brew install it' }, { env: {} });
    const messages: string[] = [];
    for (let call = 0; call < 11; call++) {
      const error = await plugin.token({}).catch((error: unknown) => error as Error);
      messages.push((error as Error).message);
    }
    expect(messages[0]).toMatch(/^exec: executable "no-such-plugin" not found\n\nIt looks.*\n\nbrew install it$/s);
    expect(messages[9]).toBe(messages[0]);
    expect(messages[10]).toBe('exec: executable "no-such-plugin" not found');
  });

  test.each([
    [{ command: '' }, 'exec.command: expected the name or the path of a program'],
    [{ interactiveMode: 'x' }, 'exec.interactiveMode: expected Never, IfAvailable, Always'],
  ])('a wrong config: %j', (config, message) => {
    expect(() => setUp(config)).toThrow(new TypeError(message));
  });

  test('a wrong policy', () => {
    expect(() => setUp({}, { policy: { type: 'Allowlist' } })).toThrow('policy.allowlist: required');
  });
});

describe('by default', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test('it is a process, and what it says goes to standard error', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const status = JSON.stringify({ kind: 'ExecCredential', apiVersion, status: { token: 't' } });
    const script = `process.stderr.write('hello'); process.stdout.write(${JSON.stringify(status)})`;
    const plugin = new ExecPlugin({ ...Config, args: ['-e', script] });
    expect(await plugin.token({})).toBe('t');
    expect(write.mock.calls.map(([text]) => String(text)).join('')).toContain('hello');
  });
});
