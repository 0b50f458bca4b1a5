import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lookPath } from './look-path.js';
import { checkPolicy, enforcePolicy, type ExecPluginPolicy } from './plugin-policy.js';

const allow = (...commands: string[]): ExecPluginPolicy => ({
  type: 'Allowlist',
  allowlist: commands.map((command) => ({ command })),
});

describe('checkPolicy', () => {
  test.each<ExecPluginPolicy>([{ type: 'AllowAll' }, { type: 'DenyAll' }, allow('aws', '/usr/bin/aws')])(
    'accepts %j',
    (policy) => {
      expect(() => checkPolicy(policy)).not.toThrow();
    },
  );

  test.each<[object, string]>([
    [{ type: 'AllowAll', allowlist: [] }, 'policy.allowlist: set, but policy.type is AllowAll'],
    [{ type: 'DenyAll', allowlist: [{ command: 'a' }] }, 'policy.allowlist: set, but policy.type is DenyAll'],
    [{ type: 'Allowlist' }, 'policy.allowlist: required when policy.type is Allowlist'],
    [{ type: 'Allowlist', allowlist: [] }, 'policy.allowlist: empty; policy.type DenyAll says that'],
    [allow('a', ''), 'policy.allowlist[1].command: expected the name or the path of a program'],
    [allow('./a'), 'policy.allowlist[0].command: not normalized: expected "a"'],
    [allow('/a/../b'), 'policy.allowlist[0].command: not normalized: expected "/b"'],
    [allow('/a/'), 'policy.allowlist[0].command: not normalized: expected "/a"'],
    [{ type: 'allowlist' }, 'policy.type: expected AllowAll, DenyAll or Allowlist'],
  ])('refuses %j', (policy, message) => {
    expect(() => checkPolicy(policy as ExecPluginPolicy)).toThrow(new TypeError(message));
  });
});

describe('enforcePolicy', () => {
  let directory: string;
  let plugin: string;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'policy-'));
    plugin = path.join(directory, 'plugin');
    await writeFile(plugin, '');
    await chmod(plugin, 0o700);
    await symlink(plugin, path.join(directory, 'alias'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  async function enforce(policy: ExecPluginPolicy, command: string): Promise<string> {
    const env = { PATH: directory };
    try {
      await enforcePolicy(policy, command, await lookPath(command, env), env);
      return 'allowed';
    } catch (error) {
      expect(error).toMatchObject({ name: 'ExecPluginError', failure: 'not-allowed' });
      return (error as Error).message.replaceAll(directory, '');
    }
  }

  test.each<[string, ExecPluginPolicy, (directory: string) => string, string]>([
    ['anything', { type: 'AllowAll' }, () => 'plugin', 'allowed'],
    ['nothing', { type: 'DenyAll' }, () => 'plugin', 'plugin "plugin" is not allowed: the policy is DenyAll'],
    ['a name by its name', allow('other', 'plugin'), () => 'plugin', 'allowed'],
    ['a path by its name', allow('plugin'), (at) => `${at}/plugin`, 'allowed'],
    [
      'a path that a name does not lead to',
      allow('other'),
      (at) => `${at}/plugin`,
      'plugin "/plugin" ("/plugin") is not on the allowlist',
    ],
    [
      'no other name of the same program',
      allow('plugin'),
      () => 'alias',
      'plugin "alias" ("/alias") is not on the allowlist',
    ],
    [
      'no program',
      allow('plugin'),
      () => 'absent',
      'plugin "absent" is not on the allowlist, and there is no such program',
    ],
  ])('allows %s', async (_, policy, command, expected) => {
    expect(await enforce(policy, command(directory))).toBe(expected);
  });

  test('a program of the working directory is none that a name or a path on the list leads to', async () => {
    const here = process.cwd();
    process.chdir(await mkdtemp(path.join(directory, 'here-')));
    try {
      await mkdir('sub');
      for (const file of ['plugin', 'sub/plugin']) await writeFile(file, '', { mode: 0o700 });
      for (const [entry, command, expected] of [
        ['plugin', './plugin', false],
        ['plugin', './sub/../plugin', false],
        ['sub/plugin', path.resolve('sub/plugin'), false],
        ['sub/plugin', './sub/plugin', true],
        [path.resolve('plugin'), './plugin', true],
      ] as const) {
        expect([entry, command, (await enforce(allow(entry), command)) === 'allowed']).toEqual([
          entry,
          command,
          expected,
        ]);
      }
    } finally {
      process.chdir(here);
    }
  });

  test('allows a name by its path', async () => {
    expect(await enforce(allow(plugin), 'plugin')).toBe('allowed');
    expect(await enforce(allow(plugin), `${directory}/./plugin`)).toBe('allowed');
  });
});
