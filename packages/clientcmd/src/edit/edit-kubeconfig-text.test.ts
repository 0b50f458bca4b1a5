import { parseYaml, stringifyYaml } from '@client-ts/serializer/yaml';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EntryKinds, type EntryList } from '../kubeconfig.js';
import { editKubeconfigText, type EntryChange, type FileChange } from './edit-kubeconfig-text.js';

const change = (...entries: EntryChange[]): FileChange => ({ entries });

const set = (list: EntryList, name: string, before: object | undefined, value: object): FileChange =>
  change({ type: 'set', list, name, before, value });

/** The lines that went, and those that came. */
function difference(before: string, after: string): string[] {
  const [old, next] = [before.split('\n'), after.split('\n')];
  const gone = old.filter((line) => !next.includes(line)).map((line) => `- ${line}`);
  return [...gone, ...next.filter((line) => !old.includes(line)).map((line) => `+ ${line}`)];
}

describe('of the text, nothing changes but', () => {
  const Text = `# My clusters.
apiVersion: v1
kind: Config
future: { kept: yes } # nobody knows what for

clusters:
# The first one.
- name: "one" # quoted
  cluster:
    server: https://one # moves soon
    # Trust.
    certificate-authority-data: QUI=
    x-vendor: 0o17
- cluster: { server: 'https://two' }
  name: two
users: []
contexts:
- { name: dev, context: { cluster: one, user: u, x: 1 } }
current-context: dev # for now
`;
  const one = { server: 'https://one', 'certificate-authority-data': 'QUI=' };

  test.each<[string, FileChange, string[]]>([
    ['nothing', change(), []],
    [
      'the current context',
      { currentContext: 'prod', entries: [] },
      ['- current-context: dev # for now', '+ current-context: prod # for now'],
    ],
    [
      'the current context, cleared',
      { currentContext: '', entries: [] },
      ['- current-context: dev # for now', '+ current-context: "" # for now'],
    ],
    [
      'a field',
      set('clusters', 'one', one, { ...one, server: 'https://three' }),
      ['-     server: https://one # moves soon', '+     server: https://three # moves soon'],
    ],
    [
      'a field that is new',
      set('clusters', 'one', one, { ...one, 'insecure-skip-tls-verify': true }),
      ['+     insecure-skip-tls-verify: true'],
    ],
    [
      'a field that goes, with its comment',
      set('clusters', 'one', one, { server: 'https://one' }),
      ['-     # Trust.', '-     certificate-authority-data: QUI='],
    ],
    [
      'a field in one line with others',
      set('contexts', 'dev', { cluster: 'one', user: 'u' }, { cluster: 'one', user: 'u', namespace: 'yes' }),
      [
        '- - { name: dev, context: { cluster: one, user: u, x: 1 } }',
        '+ - { name: dev, context: { cluster: one, user: u, x: 1, namespace: "yes" } }',
      ],
    ],
    [
      'an entry that is new',
      set('users', 'u', undefined, { token: '0123' }),
      ['- users: []', '+ users:', '+ - user:', '+     token: "0123"', '+   name: u'],
    ],
    [
      'an entry that goes',
      change({ type: 'delete', list: 'clusters', name: 'two' }),
      ["- - cluster: { server: 'https://two' }", '-   name: two'],
    ],
    [
      'a name',
      change({ type: 'rename', list: 'clusters', from: 'one', to: 'three' }),
      ['- - name: "one" # quoted', '+ - name: three # quoted'],
    ],
  ])('%s', async (_, changes, expected) => {
    expect(difference(Text, await editKubeconfigText(Text, changes))).toEqual(expected);
  });
});

describe('the form stays', () => {
  const entry = set('users', 'u', undefined, { token: 't' });

  test.each([
    ['JSON in one line', '{"users":[{"name":"a","user":{}}],"x":12345678901234567890}'],
    ['JSON in many lines', '{\n    "users": [],\n    "x": 12345678901234567890\n}\n'],
  ])('%s', async (_, text) => {
    const result = await editKubeconfigText(text, entry);
    expect(JSON.parse(result)).toMatchObject({ users: expect.arrayContaining([{ name: 'u', user: { token: 't' } }]) });
    expect(result).toContain('"x": 12345678901234567890');
    expect(result.trim().includes('\n')).toBe(text.includes('\n'));
    expect(result).toMatch(/\n$/);
  });

  test('line ends of Windows', async () => {
    const text = '# c\r\nusers:\r\n- name: a\r\n  user:\r\n    token: b\r\n';
    expect(await editKubeconfigText(text, entry)).toBe(`${text}- user:\r\n    token: t\r\n  name: u\r\n`);
  });

  test('braces with comments', async () => {
    const text = '{\n  clusters: [], # none\n  users: [{ name: a, user: { token: b c } }]\n}\n';
    const result = await editKubeconfigText(text, entry);
    expect(result).toContain('# none');
    expect(parseYaml(result)).toMatchObject({
      users: [
        { name: 'a', user: { token: 'b c' } },
        { name: 'u', user: { token: 't' } },
      ],
    });
  });

  test('deep indentation, and lists that are indented', async () => {
    const text = 'users:\n    - name: a\n      user:\n          token: b\n';
    expect(await editKubeconfigText(text, entry)).toBe(`${text}    - user:\n          token: t\n      name: u\n`);
  });
});

test('what is shared by an alias is changed where it was meant', async () => {
  const text = `users:
- name: a
  user: &same { token: old, x: 1 }
- name: b
  user: *same
`;
  const changes = set('users', 'b', { token: 'old' }, { token: 'new' });
  expect(parseYaml(await editKubeconfigText(text, changes))).toEqual({
    users: [
      { name: 'a', user: { token: 'old', x: 1 } },
      { name: 'b', user: { token: 'new', x: 1 } },
    ],
  });
});

test('an empty document behind it is no hindrance', async () => {
  const result = await editKubeconfigText('x: 1\n---\n', set('users', 'u', undefined, { token: 't' }));
  expect(parseYaml(result)).toEqual({ x: 1, users: [{ name: 'u', user: { token: 't' } }] });
});

test('an empty file gets what is new', async () => {
  const result = await editKubeconfigText('# nothing yet\n', {
    currentContext: 'a',
    ...set('contexts', 'a', undefined, {}),
  });
  expect(parseYaml(result)).toEqual({ 'current-context': 'a', contexts: [{ name: 'a', context: {} }] });
});

test.each([
  ['what is no kubeconfig', 'clusters: {', 'line 1'],
  ['what is gone', 'users: [{ name: b }]', 'there is no user "a" to rename'],
])('%s is not touched', async (_, text, message) => {
  const changes = change({ type: 'rename', list: 'users', from: 'a', to: 'b' });
  await expect(editKubeconfigText(text, changes)).rejects.toThrow(message);
});

describe('whatever is in the file', () => {
  const name = fc.constantFrom('', 'a', 'b c', 'true', '0123', 'k: v', '# x', '- y', "it's", 'null', 'é', '__proto__');
  const text = fc.oneof(name, fc.string({ unit: 'grapheme', maxLength: 8 }));
  // Integers that a number cannot hold are not what they were to the writers below.
  const unknown = fc.jsonValue({ maxDepth: 2 }).filter((value) => !/\d{16}/.test(JSON.stringify(value)));
  const fields: Record<EntryList, fc.Arbitrary<object>> = {
    clusters: fc.record(
      { server: text, 'proxy-url': text, 'insecure-skip-tls-verify': fc.boolean() },
      { requiredKeys: [] },
    ),
    users: fc.record(
      { token: text, exec: fc.record({ command: text, args: fc.array(text) }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
    contexts: fc.record({ cluster: text, user: text, namespace: text }, { requiredKeys: [] }),
  };
  const Lists: readonly EntryList[] = ['clusters', 'users', 'contexts'];

  interface Item {
    readonly name: string;
    readonly known: object;
    readonly unknown: unknown;
  }

  const items = (list: EntryList): fc.Arbitrary<Item[]> =>
    fc.uniqueArray(fc.record({ name, known: fields[list], unknown }), { selector: (item) => item.name, maxLength: 4 });

  const file = fc.record({ clusters: items('clusters'), users: items('users'), contexts: items('contexts') });

  const write = (kind: string, { name: itsName, known, unknown: rest }: Item): object => ({
    'x-item': rest,
    [kind]: { ...known, 'x-entry': rest },
    name: itsName,
  });

  const documentOf = (lists: Record<EntryList, Item[]>, currentContext: string, rest: unknown): object => ({
    'x-file': rest,
    ...Object.fromEntries(Lists.map((list) => [list, lists[list].map((item) => write(EntryKinds[list], item))])),
    'current-context': currentContext,
  });

  const forms: readonly ((document: object) => string)[] = [
    (document) => stringifyYaml(document),
    (document) => `# first\n${stringifyYaml(document).replaceAll('\n', ' # c\n').trimEnd()}\n# last\n`,
    (document) => JSON.stringify(document),
    (document) => JSON.stringify(document, null, 2),
  ];

  test('one entry is changed, and all else is as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        file,
        unknown,
        fc.constantFrom(...forms),
        fc.constantFrom(...Lists),
        fc.nat(),
        name,
        fc.constantFrom('set', 'delete', 'rename', 'add'),
        fc.record(fields),
        async (lists, rest, form, list, index, newName, type, values) => {
          const source = form(documentOf(lists, 'a', rest));
          // A block text, whose lines a comment would become part of, is no place for comments.
          fc.pre(!source.includes('# c\n') || !/[|>][-+\d]* # c\n/.test(source));
          const old = lists[list][index % Math.max(lists[list].length, 1)];
          const taken = lists[list].some((item) => item.name === newName);
          if (type !== 'add') fc.pre(old !== undefined);
          if (type === 'rename' || type === 'add') fc.pre(!taken);
          const value = values[list];
          const before = old ?? { name: newName, known: {}, unknown: null };
          const changes: Record<typeof type, [EntryChange, Item[]]> = {
            set: [
              { type: 'set', list, name: before.name, before: before.known, value },
              lists[list].map((item) => (item === old ? { ...item, known: value } : item)),
            ],
            delete: [{ type: 'delete', list, name: before.name }, lists[list].filter((item) => item !== old)],
            rename: [
              { type: 'rename', list, from: before.name, to: newName },
              lists[list].map((item) => (item === old ? { ...item, name: newName } : item)),
            ],
            add: [{ type: 'set', list, name: newName, before: undefined, value }, lists[list]],
          };
          const [entry, after] = changes[type];
          const result = parseYaml(await editKubeconfigText(source, { currentContext: newName, entries: [entry] }));
          const expected = documentOf({ ...lists, [list]: after }, newName, rest) as Record<EntryList, object[]>;
          if (type === 'add') expected[list].push({ [EntryKinds[list]]: value, name: newName });
          expect(result).toEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
      { numRuns: 100 },
    );
  });
});
