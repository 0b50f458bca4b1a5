import { readFile } from 'node:fs/promises';

/** One end of a TCP connection; structurally a `Socket`. */
export interface ConnectionEnd {
  readonly localPort?: number | undefined;
  readonly remotePort?: number | undefined;
}

/** What the kernel knows of connections. */
export interface TcpTable {
  /**
   * How often in a row what is under way on a connection has been sent again without an acknowledgement. `undefined` when
   * nothing is under way, or it cannot be told.
   */
  retransmissions(connection: ConnectionEnd): number | undefined;
}

/** In the column `tr`: the timer that is set is the one for sending again (proc_pid_net(5)). */
const Retransmitting = '01';

/** In the column `tx_queue`. */
const NothingUnderWay = '00000000:';

/**
 * Reads a table of `/proc/net`, such as
 *
 *     sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid …
 *      0: 0100090A:8B9C 0200090A:1F90 01 0000001F:00000000 01:00000054 00000003     0 …
 *
 * Connections are told apart by their ports. Where two have the same, to different peers, the better one counts for both.
 */
export function parseTcpTable(text: string): TcpTable {
  const retransmissions = new Map<string, number | undefined>();
  for (const line of text.split('\n')) {
    const [, local = '', remote = '', , queues = '', timer = '', count = ''] = line.trim().split(/ +/);
    const key = `${portOf(local)}-${portOf(remote)}`;
    const times = timer.startsWith(`${Retransmitting}:`) ? Number.parseInt(count, 16) : 0;
    const here = queues.startsWith(NothingUnderWay) ? undefined : times;
    const there = retransmissions.has(key) ? retransmissions.get(key) : here;
    retransmissions.set(key, here === undefined || there === undefined ? undefined : Math.min(here, there));
  }
  return { retransmissions: ({ localPort, remotePort }) => retransmissions.get(`${localPort}-${remotePort}`) };
}

function portOf(address: string): number {
  return Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16);
}

/** Rejects where there is none: outside Linux, or without leave to read it. */
export async function readTcpTable(): Promise<TcpTable> {
  const texts = await Promise.all(['tcp', 'tcp6'].map((name) => readTable(name)));
  return parseTcpTable(texts.join('\n'));
}

/** A kernel without IPv6 has no table for it. */
async function readTable(name: string): Promise<string> {
  try {
    return await readFile(`/proc/self/net/${name}`, 'latin1');
  } catch (error) {
    if (name === 'tcp6') return '';
    throw error;
  }
}
