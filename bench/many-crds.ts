import { setTimeout } from 'node:timers/promises';
import { DiscoveryClient } from '@client-ts/discovery';
import { type Config, restClientFor } from '@client-ts/rest';

const Group = /^g\d+\.bench\.example\.com$/;

/** As operators have them: many kinds in some groups. */
const KindsPerGroup = 20;

/** The server takes no more at a time, whoever asks. */
const AtOnce = 16;

/** Resolves when discovery has all of them: some minutes for a thousand. */
export async function installManyCrds(config: Config, count: number): Promise<void> {
  const client = restClientFor(config);
  const target = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const left = Array.from({ length: count }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of left) await client.json({ method: 'POST', target, body: crd(index) });
  };
  await Promise.all(Array.from({ length: AtOnce }, worker));
  const discovery = new DiscoveryClient(config);
  for (;;) {
    const { resources } = await discovery.groupsAndResources().catch(() => ({ resources: [] }));
    if (resources.filter(({ group }) => Group.test(group)).length === count) return;
    await setTimeout(500);
  }
}

function crd(index: number): object {
  const group = `g${Math.floor(index / KindsPerGroup)}.bench.example.com`;
  const [plural, kind] = [`things${index}`, `Thing${index}`];
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: index % 4 === 0 ? 'Cluster' : 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, shortNames: [`th${index}`], categories: ['things'] },
      versions: [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}
