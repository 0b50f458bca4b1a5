import { readFileSync } from 'node:fs';

const Listening = '0A';

/**
 * So many bytes are in the sockets of this machine, on their way out or waiting to be read; those between two of its own programs may
 * be counted twice. Of Linux.
 *
 * @see https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function bytesInSockets(): number {
  const rows = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').trim().split('\n').slice(1));
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state]) => state !== Listening)
    .flatMap(([, , , , queues = '']) => queues.split(':'))
    .reduce((sum, hex) => sum + Number.parseInt(hex, 16), 0);
}
