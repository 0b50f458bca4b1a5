import { afterEach, expect, test, vi } from 'vitest';
import { missingKubelet } from './missing-kubelet.js';

const isLinux = process.platform === 'linux';

afterEach(() => vi.restoreAllMocks());

test.skipIf(isLinux)('needs Linux', () => {
  expect(missingKubelet()).toBe('a kubelet needs Linux');
});

test.skipIf(!isLinux)('needs root', () => {
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  expect(missingKubelet()).toBe('a kubelet needs to be root');
});

test.skipIf(!isLinux || process.getuid?.() !== 0)('says which programs are missing', () => {
  expect(missingKubelet({ env: { PATH: '/nowhere' } })).toMatch(
    /^a kubelet needs (CAP|\/dev|the cgroups|unshare and nsenter)/,
  );
  // Where nothing else is in the way it is Kubernetes' own.
  const env = { ...process.env, CLIENT_TS_KUBERNETES_CACHE: '/nowhere' };
  expect(missingKubelet({ version: '1.37', env })).toMatch(
    /^a kubelet needs (CAP|\/dev|the cgroups)|etcd not found|kubelet not found/,
  );
});
