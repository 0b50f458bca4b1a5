/** What took the place of providers that were part of client-go, and what a user does to get it. */
const Replacements: ReadonlyMap<string, string> = new Map([
  [
    'gcp',
    'its place has taken the exec plugin gke-gcloud-auth-plugin: run "gcloud components install gke-gcloud-auth-plugin", then "gcloud container clusters get-credentials CLUSTER"',
  ],
  [
    'azure',
    'its place has taken the exec plugin kubelogin (https://github.com/Azure/kubelogin): install it, then run "kubelogin convert-kubeconfig"',
  ],
  [
    'openstack',
    'its place has taken the exec plugin client-keystone-auth (https://github.com/kubernetes/cloud-provider-openstack): install it, then run "kubectl config set-credentials USER --exec-command=client-keystone-auth --exec-api-version=client.authentication.k8s.io/v1beta1"',
  ],
]);

/**
 * What to say of an `auth-provider` in a kubeconfig that no client supports any more; `undefined` for other names.
 *
 * gcp and azure were removed from client-go in Kubernetes 1.26, openstack in 1.20.
 */
export function removedProviderAdvice(provider: string): string | undefined {
  const replacement = Replacements.get(provider);
  return replacement === undefined
    ? undefined
    : `the provider ${provider} has been removed from Kubernetes: ${replacement}`;
}
