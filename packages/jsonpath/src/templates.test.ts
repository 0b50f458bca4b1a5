import { describe, expect, it } from 'vitest';
import { parseJsonPath } from './json-path.js';

// The cases of client-go's own tests (util/jsonpath), by what they are about.

const types = {
  bools: [true, false, true, false],
  integers: [1, 2, 3, 4],
  floats: [1, 2.2, 3.3, 4],
  strings: ['one', 'two', 'three', 'four'],
  mixed: [true, 'one', 1, 1.1],
  maps: [
    { name: 'one', value: 1 },
    { name: 'two', value: 2.02 },
  ],
};

const shop = {
  name: 'jsonpath',
  books: [
    { category: 'reference', author: 'Rees', price: 8.95 },
    { category: 'fiction', author: 'Waugh', price: 12.99 },
    { category: 'fiction', author: 'Melville', price: 8.99 },
  ],
  bicycles: [
    { color: 'red', isNew: true },
    { color: 'green', isNew: false },
  ],
  labels: { 'web/html': 15, 'k8s-app': 20 },
};

const points = [
  { id: 'i1', x: 4 },
  { id: 'i2', x: -2, z: 1 },
  { id: 'i3', x: null },
];

const nodes = {
  kind: 'List',
  items: [
    {
      metadata: { name: 'a', labels: { 'kubernetes.io/hostname': 'host-a' } },
      status: { capacity: { cpu: '4' }, ready: true, addresses: [{ address: '127.0.0.1' }] },
    },
    {
      metadata: { name: 'b', labels: { 'kubernetes.io/hostname': 'host-b' } },
      status: { capacity: { cpu: '8' }, ready: false, addresses: [{ address: '127.0.0.2' }, { address: '127.0.0.3' }] },
    },
  ],
};

const pods = {
  items: [
    {
      metadata: { name: 'pod1', annotations: { color: 'blue' } },
      spec: {
        containers: [
          { name: 'foo', more: [1, 2] },
          { name: 'bar', more: [3] },
        ],
      },
      status: { phase: 'Running' },
    },
    { metadata: { name: 'pod2' }, spec: { containers: [{ name: 'baz', more: [] }] }, status: { phase: 'Pending' } },
    { resourceVersion: '' },
  ],
};

const four = { list: ['f0', 'f1', 'f2', 'f3'] };

type Case = readonly [name: string, template: string, expected: string];

describe.each<readonly [string, unknown, readonly Case[]]>([
  [
    'types',
    types,
    [
      ['a list of booleans', '{ .bools }', '[true,false,true,false]'],
      ['a boolean', '{ .bools[-1] }', 'false'],
      ['booleans of a slice', '{ .bools[0:2] }', 'true false'],
      ['every second boolean', '{ .bools[:4:2] }', 'true true'],
      ['a list of integers', '{ .integers }', '[1,2,3,4]'],
      ['an integer from the end', '{ .integers[-2] }', '3'],
      ['a list of floats', '{ .floats }', '[1,2.2,3.3,4]'],
      ['every second float', '{ .floats[:4:2] }', '1 3.3'],
      ['a list of strings', '{ .strings }', '["one","two","three","four"]'],
      ['a string', '{ .strings[0] }', 'one'],
      ['a list of anything', '{ .mixed }', '[true,"one",1,1.1]'],
      ['anything from a slice', '{ .mixed[0:2] }', 'true one'],
      ['a list of maps', '{ .maps }', '[{"name":"one","value":1},{"name":"two","value":2.02}]'],
      ['maps of a slice', '{ .maps[:2] }', '{"name":"one","value":1} {"name":"two","value":2.02}'],
    ],
  ],
  [
    'a shop',
    shop,
    [
      ['plain text', 'hello jsonpath', 'hello jsonpath'],
      ['a value in a text', 'hello {.name}', 'hello jsonpath'],
      ['a brace in quotes', '{"{"}', '{'],
      ['a key with a slash', '{$.labels.web/html}', '15'],
      ['a key with a dash', '{.labels.k8s-app}', '20'],
      ['a field of each', '{.books[*].author}', 'Rees Waugh Melville'],
      ['all fields', '{range .bicycles[*]}{ "{" }{ @.* }{ "} " }{end}', '{red true} {green false} '],
      ['a field at any depth', '{..price}', '8.95 12.99 8.99'],
      ['a field at any depth, with one dot more', '{...price}', '8.95 12.99 8.99'],
      [
        'maps of a range',
        '{range .bicycles[*]}{ @ }{ " " }{end}',
        '{"color":"red","isNew":true} {"color":"green","isNew":false} ',
      ],
      ['the last of a list', '{.books[-1:].author}', 'Melville'],
      ['an index at any depth', '{..books[2].author}', 'Melville'],
      ['a filter for a boolean', '{.bicycles[?(@.isNew==true)].color}', 'red'],
      ['a field that is not there', 'before-{.hello}after', 'before-after'],
    ],
  ],
  [
    'points',
    points,
    [
      ['a filter for what exists', '{[?(@.z)].id}', 'i2'],
      ['a key in brackets', "{[0]['id']}", 'i1'],
      ['null', "{[-1]['x']}", 'null'],
      ['several indices', '{[0,2].id}', 'i1 i3'],
    ],
  ],
  [
    'nodes',
    nodes,
    [
      ['a range', '{range .items[*]}{.metadata.name}, {end}{.kind}', 'a, b, List'],
      ['a range with a tab', String.raw`{range .items[*]}{.metadata.name}{"\t"}{end}`, 'a\tb\t'],
      ['lists in lists', '{.items[*].status.addresses[*].address}', '127.0.0.1 127.0.0.2 127.0.0.3'],
      [
        'a range in a range',
        '{range .items[*]}{range .status.addresses[*]}{.address}, {end}{end}',
        '127.0.0.1, 127.0.0.2, 127.0.0.3, ',
      ],
      ['several fields', "{.items[*]['metadata.name', 'status.capacity']}", 'a b {"cpu":"4"} {"cpu":"8"}'],
      [
        'brackets around braces',
        '{range .items[*]}[{.metadata.name}, {.status.capacity}] {end}',
        '[a, {"cpu":"4"}] [b, {"cpu":"8"}] ',
      ],
      ['a key with an escaped dot', String.raw`{.items[0].metadata.labels.kubernetes\.io/hostname}`, 'host-a'],
      [
        'a filter by such a key',
        String.raw`{.items[?(@.metadata.labels.kubernetes\.io/hostname=="host-b")].metadata.name}`,
        'b',
      ],
      ['a filter at any depth', '{.items[?(@..ready==true)].metadata.name}', 'a'],
    ],
  ],
  [
    'pods',
    pods,
    [
      ['an empty range', '{range .none[*]}{.name}{end}', ''],
      [
        'an empty range with another inside',
        '{range .none[*]}{.name}{":"}{range @.more[*]}{.name}{","}{end}{"+"}{end}',
        '',
      ],
      [
        'text after a range inside',
        '{range .items[0:2]}{.metadata.name}:{range @.spec.containers[*]}{.name},{end}+{end}',
        'pod1:foo,bar,+pod2:baz,+',
      ],
      [
        'three ranges',
        '{range .items[0:2]}{.metadata.name}~{range @.spec.containers[*]}{.name}:{range @.more[*]}{@},{end}+{end}#{end}',
        'pod1~foo:1,2,+bar:3,+#pod2~baz:+#',
      ],
      [
        'two ranges beside each other',
        '{range .items[0:2]}{range @.spec.containers[*]}{.name} {end}|{range @.spec.containers[*]}{.name} {end};{end}',
        'foo bar |foo bar ;baz |baz ;',
      ],
      ['a filter by what only some have', '{.items[?(@.metadata.annotations.color=="blue")].metadata.name}', 'pod1'],
      [
        'a range over a filter',
        '{range .items[?(.status.phase=="Running")]}{.metadata.name}{" is Running"}{end}',
        'pod1 is Running',
      ],
    ],
  ],
  [
    'slices',
    four,
    [
      ['one', '{.list[0]}', 'f0'],
      ['none', '{.list[0:0]}', ''],
      ['none beyond the end', '{.list[5:5]}', ''],
      ['none before the beginning', '{.list[-5:-5]}', ''],
      ['all but the last', '{.list[0:-1]}', 'f0 f1 f2'],
      ['the last', '{.list[-1]}', 'f3'],
      ['the first, from the end', '{.list[-4]}', 'f0'],
      ['the last two', '{.list[-2:]}', 'f2 f3'],
      ['without a step', '{.list[0:4:]}', 'f0 f1 f2 f3'],
      ['with a step', '{.list[1:4:2]}', 'f1 f3'],
      ['with a step that is too long', '{.list[1:4:4]}', 'f1'],
    ],
  ],
])('%s', (_, object, cases) => {
  it.each(cases)('%s: %s', (_name, template, expected) => {
    expect(parseJsonPath(template).print(object, { allowMissingKeys: true })).toBe(expected);
  });
});
