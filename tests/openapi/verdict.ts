import { type KubernetesObject, parseGroupVersion } from '@client-ts/apimachinery';
import { isStatusError } from '@client-ts/apimachinery/errors';
import { type Config, restClientFor } from '@client-ts/rest';

const plurals: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  CustomResourceDefinition: 'customresourcedefinitions',
  Deployment: 'deployments',
  Lease: 'leases',
  Pod: 'pods',
  Secret: 'secrets',
  Service: 'services',
  Widget: 'widgets',
};

/** What a server makes of an object that it checks strictly, without keeping it: `valid`, or `invalid` and why. */
export async function verdict(config: Config, object: KubernetesObject): Promise<string> {
  const kind = object.kind!;
  const { group, version } = parseGroupVersion(object.apiVersion!);
  const namespace = kind === 'CustomResourceDefinition' ? undefined : 'default';
  const target = { group, version, resource: plurals[kind]!, namespace };
  const query = { dryRun: 'All', fieldValidation: 'Strict' };
  try {
    await restClientFor(config).json({ method: 'POST', target, query, body: object }, { onWarning: () => undefined });
    return 'valid';
  } catch (error) {
    if (!isStatusError(error) || (error.code !== 400 && error.code !== 422)) throw error;
    return `invalid: ${error.message}`;
  }
}
