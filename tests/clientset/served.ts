import type { RestClient } from '@client-ts/rest';
import type { ServedSchema } from './served-types.js';

/** What discovery says that can be done with a resource. */
export interface Served {
  readonly verbs: readonly string[];
  readonly subresources: Readonly<Record<string, readonly string[]>>;
}

interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly verbs: readonly string[] }[];
}

/** Every resource that discovery lists, by group version and name: `apps/v1 deployments`. */
export async function servedResources(client: RestClient): Promise<Map<string, Served>> {
  const served = new Map<string, Served>();
  const { groups } = await client.json<{ groups: { versions: { groupVersion: string }[] }[] }>({
    method: 'GET',
    target: '/apis',
  });
  const versions = ['v1', ...groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion))];
  for (const groupVersion of versions) {
    const target = `${groupVersion === 'v1' ? '/api' : '/apis'}/${groupVersion}`;
    const { resources } = await client.json<ResourceList>({ method: 'GET', target });
    for (const { name, verbs } of resources.filter(({ name }) => !name.includes('/'))) {
      const subresources = resources
        .filter((other) => other.name.startsWith(`${name}/`))
        .map((other) => [other.name.slice(name.length + 1), other.verbs] as const);
      served.set(`${groupVersion} ${name}`, { verbs, subresources: Object.fromEntries(subresources) });
    }
  }
  return served;
}

/** Every type in the OpenAPI documents of group versions, by its name. */
export async function servedTypes(client: RestClient): Promise<Map<string, ServedSchema>> {
  const types = new Map<string, ServedSchema>();
  const { paths } = await client.json<{ paths: Record<string, { serverRelativeURL: string }> }>({
    method: 'GET',
    target: '/openapi/v3',
  });
  for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
    if (!/^apis?\/.*v\d/.test(path)) continue;
    const { components } = await client.json<{ components: { schemas: Record<string, ServedSchema> } }>({
      method: 'GET',
      target: serverRelativeURL,
    });
    for (const [name, type] of Object.entries(components.schemas)) types.set(name, type);
  }
  return types;
}
