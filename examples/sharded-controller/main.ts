// One of several processes: `npx tsx main.ts [KUBECONFIG]`. SIGTERM and Ctrl-C end it in good order.
import { loadConfig } from '@client-ts/clientcmd';
import { runTally } from './tally.js';

const [kubeconfig] = process.argv.slice(2);
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());

await runTally(await loadConfig(kubeconfig === undefined ? {} : { kubeconfig }), {
  namespace: 'default',
  signal: stop.signal,
  onMember: (member) => member.onShards(() => console.log(`${member.identity} has ${member.shards.size} shards`)),
});
process.exit();
