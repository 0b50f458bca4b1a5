import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { FactsError } from './facts.js';
import { findKubernetesModule } from './kubernetes-module.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('without Go the module is not available: the committed facts have to do', () => {
  vi.stubEnv('PATH', '');
  const goMod = path.resolve(import.meta.dirname, '../../../tools/kubernetes/v1.37');
  expect(() => findKubernetesModule(goMod)).toThrow(FactsError);
  expect(() => findKubernetesModule(goMod)).toThrow('k8s.io/kubernetes is not available as a Go module');
});
