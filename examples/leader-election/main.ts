// One of several processes: `npx tsx main.ts [KUBECONFIG]`. SIGTERM and Ctrl-C end it in good order.
import { loadConfig } from '@client-ts/clientcmd';
import { runCounter } from './counter.js';

const [kubeconfig] = process.argv.slice(2);
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());

const outcome = await runCounter(await loadConfig(kubeconfig === undefined ? {} : { kubeconfig }), {
  identity: crypto.randomUUID(),
  signal: stop.signal,
  log: console.log,
});
// Who has lost its lease begins anew, with nothing left from before.
process.exit(outcome === 'lost' ? 1 : 0);
