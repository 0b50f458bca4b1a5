import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import { defineResource, type KubernetesObject, type ResourceDescriptor } from '@client-ts/apimachinery';

export const gadgetCRD: CustomResourceDefinition = {
  metadata: { name: 'gadgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'gadgets', kind: 'Gadget' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};

export function gadgets(group: string): ResourceDescriptor<KubernetesObject, KubernetesObject, 'Namespaced'> {
  return defineResource<KubernetesObject>()({
    group,
    version: 'v1',
    resource: 'gadgets',
    kind: 'Gadget',
    scope: 'Namespaced',
  });
}
