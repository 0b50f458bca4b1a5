import { type Binaries, missingKubelet } from '@client-ts/envtest';
import { describe } from 'vitest';
import { describeReal } from './describe-real.js';

/** Tests on a real kubelet. Where the machine has no place for one they are skipped, and a title says why. */
export function describeKubelet(name: string, define: (binaries: Binaries) => void, version?: string): void {
  const needs = ['etcd', 'kubeApiserver', 'kubectl', 'kubelet', 'containerRuntime'] as const;
  const whereItCanRun = (binaries: Binaries): void => {
    const obstacle = missingKubelet({ version });
    describe.skipIf(obstacle !== undefined)(obstacle ?? 'on this machine', () => {
      define(binaries);
    });
  };
  describeReal(name, needs, whereItCanRun, version);
}
