import { expect, test } from 'vitest';
import { missingKubelet } from './missing-kubelet.js';

const isRootOfLinux = process.platform === 'linux' && process.getuid?.() === 0;

test.skipIf(!isRootOfLinux)('says which programs are missing, of the machine and of Kubernetes', () => {
  expect(missingKubelet({ env: { PATH: '/nowhere' } })).toMatch(
    /^a kubelet needs (CAP|the cgroups|unshare and nsenter)/,
  );
});

test.skipIf(isRootOfLinux)('needs root on Linux', () => {
  expect(missingKubelet()).toMatch(/^a kubelet needs (Linux|to be root)$/);
});
