// A controller as a process of its own: `worker.ts IDENTITY KUBECONFIG MODE LEASE`. MODE is `sharded`, or `alone` for one that
// has all objects; LEASE is how long its Lease lasts, in milliseconds. Prints what happens as lines of JSON, and does what
// lines on its input say: `usage` prints what it takes, `stop` ends it in good order.
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { loadConfig } from '@client-ts/clientcmd';
import { machineTime } from '../processes/machine-time.js';
import { runTally } from '../../examples/sharded-controller/tally.js';
import { Traffic } from './traffic.js';
import type { WorkerEvent } from './worker-event.js';

type Told = WorkerEvent extends infer E ? (E extends { at: number } ? Omit<E, 'at'> : never) : never;

const [identity = '', kubeconfig = '', mode = '', lease = '5000'] = process.argv.slice(2);
const leaseDurationMs = Number(lease);
const stop = new AbortController();
const traffic = new Traffic();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let indexed = (): number => 0;

function print(event: Told): void {
  process.stdout.write(`${JSON.stringify({ at: machineTime(), ...event })}\n`);
}

createInterface(process.stdin).on('line', (line) => {
  if (line === 'stop') stop.abort();
  if (line === 'usage') {
    collect();
    const { heapUsed: heapBytes, rss: rssBytes } = process.memoryUsage();
    const { watchBytes, listBytes } = traffic;
    print({ event: 'usage', heapBytes, rssBytes, objects: indexed(), watchBytes, listBytes });
  }
});

const config = { ...(await loadConfig({ kubeconfig })), middleware: [traffic.middleware] };
await runTally(config, {
  leaseDurationMs,
  renewDeadlineMs: leaseDurationMs * 0.8,
  retryPeriodMs: 500,
  identity,
  namespace: 'default',
  signal: stop.signal,
  ...(mode === 'alone' ? { shards: 1 } : {}),
  observe: (uid, { lock, transitions, holder }) => {
    print({ event: 'begin', uid, lock, transitions, holder });
    return { [Symbol.dispose]: () => print({ event: 'end', uid, lock, transitions, holder }) };
  },
  onMember: (member) => member.onShards(() => print({ event: 'shards', shards: member.shards.size })),
  onInformer: (informer) => (indexed = () => informer.indexer.list().length),
  onError: (error) => print({ event: 'failure', message: String(error) }),
  onFilteredBy: (by) => print({ event: 'filtered by', by }),
});
print({ event: 'ended' });
process.exit();
