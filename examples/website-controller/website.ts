import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import { defineResource, type KubernetesObject } from '@client-ts/apimachinery';

/** A page of HTML, served by some number of replicas. */
export interface Website extends KubernetesObject {
  spec: { html: string; replicas?: number };
  status?: { phase?: 'Serving'; replicas?: number; observedGeneration?: number };
}

/** The one value that clients, informers and listers need to know of our resource. */
export const websites = defineResource<Website>()({
  group: 'demo.client-ts.dev',
  version: 'v1',
  resource: 'websites',
  kind: 'Website',
  scope: 'Namespaced',
  subresources: ['status'],
});

export const websiteCRD: CustomResourceDefinition = {
  metadata: { name: `${websites.resource}.${websites.group}` },
  spec: {
    group: websites.group,
    scope: 'Namespaced',
    names: { plural: websites.resource, singular: 'website', kind: websites.kind, shortNames: ['web'] },
    versions: [
      {
        name: websites.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['html'],
                properties: {
                  html: { type: 'string' },
                  replicas: { type: 'integer', minimum: 0, maximum: 50, default: 1 },
                },
              },
              status: {
                type: 'object',
                properties: {
                  phase: { type: 'string' },
                  replicas: { type: 'integer' },
                  observedGeneration: { type: 'integer' },
                },
              },
            },
          },
        },
      },
    ],
  },
};
