// A candidate as a process of its own: `candidate.ts IDENTITY KUBECONFIG`. Prints what happens as lines of JSON, and does what
// lines on its input say: `clock MS` moves its wall clock, `stop` ends it in good order.
import { createInterface } from 'node:readline';
import { configMaps } from '@client-ts/api/core/v1';
import { realClock, sleep } from '@client-ts/apimachinery';
import { loadConfig } from '@client-ts/clientcmd';
import { type FencingToken, isLeadershipLost, LeaderElector, leaseLock } from '@client-ts/leaderelection';
import { restClientFor } from '@client-ts/rest';
import { FencedConfigMap, FencedOffError } from '../../examples/leader-election/fenced-config-map.js';
import { machineTime } from '../processes/machine-time.js';
import type { CandidateEvent } from './candidate-event.js';
import { LeaseName, Times, WrittenName } from './names.js';

const [identity = '', kubeconfig = ''] = process.argv.slice(2);
const stop = new AbortController();
const wallTime = Date.now;
let offsetMs = 0;
Date.now = () => wallTime() + offsetMs;

createInterface(process.stdin).on('line', (line) => {
  const [command, value] = line.split(' ');
  if (command === 'clock') offsetMs = Number(value);
  if (command === 'stop') stop.abort();
});

function print(event: Omit<CandidateEvent, 'at'>): void {
  process.stdout.write(`${JSON.stringify({ at: machineTime(), ...event })}\n`);
}

const config = await loadConfig({ kubeconfig });
const written = new FencedConfigMap(restClientFor(config).resource(configMaps, 'default'), WrittenName);

async function work(leading: AbortSignal, token: FencingToken): Promise<void> {
  const { transitions: term } = token;
  print({ event: 'leading', term });
  leading.addEventListener('abort', () => {
    const reason: unknown = leading.reason;
    print({ event: 'ended', term, reason: isLeadershipLost(reason) ? reason.reason : 'told to' });
  });
  while (!leading.aborted) {
    print({ event: 'writing', term });
    try {
      await written.write(token, ({ count = '0' }) => ({ count: String(Number(count) + 1) }), { signal: leading });
      print({ event: 'wrote', term });
    } catch (error) {
      if (error instanceof FencedOffError) print({ event: 'fenced off', term });
    }
    await sleep(realClock, 50, leading);
  }
}

const elector = new LeaderElector({
  lock: leaseLock(config, { namespace: 'default', name: LeaseName, identity }),
  ...Times,
  callbacks: { onStartedLeading: work, onNewLeader: (leader) => print({ event: 'sees', leader }) },
});
while (!stop.signal.aborted) await elector.run({ signal: stop.signal });
process.exit();
