import { defineResource, type KubernetesObject } from '@client-ts/apimachinery';
import { isAlreadyExists } from '@client-ts/apimachinery/errors';
import { type Config, restClientFor } from '@client-ts/rest';
import { pollUntil } from './poll-until.js';

const ServedTimeoutMs = 20_000;

interface CRD extends KubernetesObject {
  spec: { group: string; names: { plural: string }; versions: { name: string; served: boolean }[] };
}

const crdResource = defineResource<CRD>()({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
  kind: 'CustomResourceDefinition',
  scope: 'Cluster',
});

/** Creates CustomResourceDefinitions, and waits until discovery lists what they define. Those that are there are kept. */
export async function installCRDs(
  config: Config,
  objects: readonly KubernetesObject[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const client = restClientFor(config);
  for (const crd of objects as readonly CRD[]) {
    try {
      await client.resource(crdResource).create(crd, { signal });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }
  for (const { spec } of objects as readonly CRD[]) {
    const { group, names, versions } = spec;
    for (const { name } of versions.filter(({ served }) => served)) {
      const isServed = async (): Promise<boolean> => {
        const target = `/apis/${group}/${name}`;
        const list = await client.json<{ resources?: { name: string }[] }>({ method: 'GET', target }, { signal });
        return list.resources?.some((resource) => resource.name === names.plural) === true;
      };
      await pollUntil(`${names.plural}.${group}/${name} to be served`, ServedTimeoutMs, isServed, signal);
    }
  }
}
