import { defineResource, type KubernetesObject } from '@client-ts/apimachinery';
import { isAlreadyExists } from '@client-ts/apimachinery/errors';
import { type Config, restClientFor } from '@client-ts/rest';
import { pollUntil } from './poll-until.js';

/** A busy machine included; a definition is served within a second. */
const ServedTimeoutMs = 60_000;

interface CRD extends KubernetesObject {
  spec: { group: string; names: { plural: string }; versions: { name: string; served: boolean }[] };
  status?: { conditions?: { type: string; status: string; message?: string }[] };
}

const crdResource = defineResource<CRD>()({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  scope: 'Cluster',
});

/**
 * Creates CustomResourceDefinitions, and waits until they are established and discovery lists what they define. Those that
 * are there are kept.
 */
export async function installCRDs(
  config: Config,
  objects: readonly KubernetesObject[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const client = restClientFor(config);
  const crds = client.resource(crdResource);
  const names: string[] = [];
  for (const object of objects) {
    try {
      await crds.create(object as CRD, { signal });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    names.push(object.metadata?.name ?? '');
  }
  for (const name of names) {
    const isServed = async (): Promise<boolean | Error> => {
      const { spec, status } = await crds.get(name, { signal });
      const conditions = status?.conditions ?? [];
      const refused = conditions.find(
        (condition) => condition.type === 'NamesAccepted' && condition.status === 'False',
      );
      if (refused) return new Error(`CustomResourceDefinition ${name}: ${refused.message}`);
      if (!conditions.some((condition) => condition.type === 'Established' && condition.status === 'True'))
        return false;
      for (const version of spec.versions.filter(({ served }) => served)) {
        const target = `/apis/${spec.group}/${version.name}`;
        const list = await client.json<{ resources?: { name: string }[] }>({ method: 'GET', target }, { signal });
        if (!list.resources?.some((resource) => resource.name === spec.names.plural)) return false;
      }
      return true;
    };
    await pollUntil(`CustomResourceDefinition ${name} to be served`, ServedTimeoutMs, isServed, signal);
  }
}
