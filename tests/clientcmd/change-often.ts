// Adds contexts to a kubeconfig that others change, too, as a program of its own: change-often.ts FILE NAME COUNT. Fails when one
// of any program's is gone again, or when the file cannot be read.
import assert from 'node:assert/strict';
import { loadKubeconfig, modifyKubeconfig, setContext } from '@client-ts/clientcmd';

const [kubeconfig, name = '', count] = process.argv.slice(2);
let known: readonly string[] = [];
for (let index = 0; index < Number(count); index++) {
  await modifyKubeconfig((current) => setContext(current, `${name}-${index}`, { namespace: name }), { kubeconfig });
  const { contexts } = await loadKubeconfig({ kubeconfig });
  assert.deepEqual(
    known.filter((each) => !contexts.has(each)),
    [],
  );
  known = [...contexts.keys()];
}
