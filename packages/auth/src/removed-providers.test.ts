import { expect, test } from 'vitest';
import { removedProviderAdvice } from './removed-providers.js';

test.each([
  ['gcp', 'gke-gcloud-auth-plugin', 'gcloud container clusters get-credentials'],
  ['azure', 'kubelogin', 'kubelogin convert-kubeconfig'],
  ['openstack', 'client-keystone-auth', '--exec-command=client-keystone-auth'],
])('of %s it says what to run', (provider, plugin, command) => {
  const advice = removedProviderAdvice(provider);
  expect(advice).toContain(`the provider ${provider} has been removed`);
  expect(advice).toContain(`the exec plugin ${plugin}`);
  expect(advice).toContain(command);
});

test.each(['oidc', '', '__proto__', 'constructor'])('of %j it says nothing', (provider) => {
  expect(removedProviderAdvice(provider)).toBeUndefined();
});
