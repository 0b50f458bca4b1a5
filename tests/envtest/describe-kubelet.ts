import { type Binaries, missingKubelet } from '@client-ts/envtest';
import { describe } from 'vitest';
import { describeReal } from './describe-real.js';

/**
 * Tests on a real kubelet. Where the machine has no place for one they are skipped, in CI too, and say why: nobody can build what
 * is missing there.
 */
export function describeKubelet(name: string, define: (binaries: Binaries) => void, version?: string): void {
  const obstacle = missingKubelet({ version });
  const isOfMachine = obstacle?.startsWith('a kubelet needs') ?? false;
  if (isOfMachine) console.warn(`\n!!! NOT TESTED: ${name}: ${obstacle}\n`);
  describe.skipIf(isOfMachine)(isOfMachine ? `${name}: ${obstacle}` : name, () => {
    const needs = ['etcd', 'kubeApiserver', 'kubectl', 'kubelet', 'containerRuntime'] as const;
    describeReal('on real servers', needs, define, version);
  });
}
