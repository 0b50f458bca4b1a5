/** A definition whose schema has everything that schemas of custom resources say in words of their own. */
export const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.openapi.example.com' },
  spec: {
    group: 'openapi.example.com',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A thing that does one thing.',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['size', 'mode'],
                properties: {
                  size: { type: 'integer', format: 'int32', minimum: 1, maximum: 10, description: 'How large it is.' },
                  ratio: { type: 'number', exclusiveMinimum: true, minimum: 0 },
                  mode: { type: 'string', enum: ['fast', 'slow'], default: 'fast' },
                  title: { type: 'string', minLength: 2, maxLength: 5 },
                  port: { 'x-kubernetes-int-or-string': true },
                  note: { type: 'string', nullable: true },
                  at: { type: 'string', format: 'date-time' },
                  data: { type: 'string', format: 'byte' },
                  anything: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  half: {
                    type: 'object',
                    'x-kubernetes-preserve-unknown-fields': true,
                    properties: { known: { type: 'object', properties: { on: { type: 'boolean' } } } },
                  },
                  closed: { type: 'object' },
                  labels: { type: 'object', maxProperties: 2, additionalProperties: { type: 'string' } },
                  template: {
                    type: 'object',
                    'x-kubernetes-embedded-resource': true,
                    'x-kubernetes-preserve-unknown-fields': true,
                  },
                  tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set', maxItems: 3 },
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name', 'side'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: {
                        name: { type: 'string' },
                        side: { type: 'string', default: 'left' },
                        count: { type: 'integer', multipleOf: 2 },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};
