import { type ApiSchema, schema as builtInSchema } from '@client-ts/api/schema';
import type { ServedResource } from './resource-registry.js';

/** The resources that a server has before any CustomResourceDefinition, made from facts about the API. */
export function builtInResources(schema: ApiSchema = builtInSchema): ServedResource[] {
  return schema.groupVersions.flatMap(({ group, version, resources }) =>
    resources.map((resource): ServedResource => ({
      group,
      version,
      resource: resource.name,
      kind: resource.kind,
      scope: resource.scope,
      subresources: resource.subresources?.map(({ name }) => name) ?? [],
      singular: resource.singular,
      listKind: `${resource.kind}List`,
      verbs: resource.verbs,
      shortNames: resource.shortNames ?? [],
      categories: resource.categories ?? [],
      served: resource.subresources ?? [],
      type: resource.type,
    })),
  );
}
