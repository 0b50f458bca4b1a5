// The controller of pairs as a process of its own: `pairs-process.ts KUBECONFIG NAMESPACE [CRASH]`. It ends in good order with its
// input, and by SIGKILL when the server has answered to so many creations.
import { loadConfig } from '@client-ts/clientcmd';
import { newPairs } from './pairs.js';

const [kubeconfig = '', namespace = '', crash = 'Infinity'] = process.argv.slice(2);
const stop = new AbortController();
let left = Number(crash);

process.stdin.resume().once('end', () => stop.abort());
await using pairs = newPairs(await loadConfig({ kubeconfig }), {
  namespace,
  onCreated: () => {
    if (--left === 0) process.kill(process.pid, 'SIGKILL');
  },
});
await pairs.controller.run({ signal: stop.signal });
