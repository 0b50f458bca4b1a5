import { expect, test } from 'vitest';
import { parseTcpTable } from './tcp-table.js';

const Head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ';

/** The connection of all rows but the last. */
const connection = { localPort: 35740, remotePort: 8080 };

test.each([
  {
    what: 'everything acknowledged, probes are set',
    rows: ['   0: 0100090A:8B9C 0200090A:1F90 01 00000000:00000000 02:000005A9 00000000     0        0 1704187 2'],
    expected: undefined,
  },
  {
    what: 'just sent',
    rows: ['   0: 0100090A:8B9C 0200090A:1F90 01 0000001F:00000000 01:00000014 00000000     0        0 1704187 2'],
    expected: 0,
  },
  {
    what: 'a request sent again seven times',
    rows: ['   0: 0100090A:8B9C 0200090A:1F90 01 0000001F:00000000 01:00000A53 00000007     0        0 1704187 3'],
    expected: 7,
  },
  {
    what: 'more often than a digit can tell',
    rows: ['1203: 0100090A:8B9C 0200090A:1F90 01 0000001F:00000000 01:00000A53 0000000B     0        0 1704187 3'],
    expected: 11,
  },
  {
    what: 'over IPv6',
    rows: [
      '   0: 00000000000000000000000001000000:8B9C 00000000000000000000000001000000:1F90 01 0000001F:00000000 01:00000A53 00000006     0        0 1',
    ],
    expected: 6,
  },
  {
    what: 'a window that is closed, and asked after',
    rows: ['   0: 0100090A:8B9C 0200090A:1F90 01 0000001F:00000000 04:00000A53 00000007     0        0 1704187 3'],
    expected: 0,
  },
  {
    what: 'two with the same ports, of which one is well',
    rows: [
      '   0: 0100090A:8B9C 0200090A:1F90 01 0000001F:00000000 01:00000A53 00000007     0        0 1704187 3',
      '   1: 0100090A:8B9C 0300090A:1F90 01 00000000:00000000 02:00000A53 00000000     0        0 1704188 3',
    ],
    expected: undefined,
  },
  {
    what: 'another connection',
    rows: ['   0: 0100090A:8B9D 0200090A:1F90 01 0000001F:00000000 01:00000A53 00000007     0        0 1704187 3'],
    expected: undefined,
  },
])('$what', ({ rows, expected }) => {
  expect(parseTcpTable([Head, ...rows, ''].join('\n')).retransmissions(connection)).toBe(expected);
});

test.each(['', '\n\n', Head, 'no table at all', '   0: 0100090A:8B9D'])('nothing can be told from %j', (text) => {
  const table = parseTcpTable(text);
  expect(table.retransmissions(connection)).toBeUndefined();
  expect(table.retransmissions({})).toBeUndefined();
});
