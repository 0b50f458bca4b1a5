/** What custom columns are of. */
export const shop: object = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'shop',
    labels: { app: 'shop', 'example.com/tier': 'front' },
    annotations: { colour: '\u001b[31mred\r', city: 'Köln 🚀', nothing: '' },
  },
  spec: {
    replicas: 3,
    paused: false,
    selector: { matchLabels: { app: 'shop' } },
    template: {
      metadata: { labels: { app: 'shop' } },
      spec: {
        containers: [
          { name: 'main', image: 'nginx', args: ['-x', ''], ports: [{ containerPort: 80 }] },
          { name: 'side', image: 'busybox' },
        ],
      },
    },
  },
};

/** Paths with and without their dot and braces; a comma would begin the next one. */
export const columns: readonly string[] = [
  'metadata.name',
  '.metadata.name',
  '{metadata.name}',
  '{.metadata.name}',
  'metadata.labels',
  String.raw`metadata.labels.example\.com/tier`,
  'metadata.annotations',
  'metadata.annotations.colour',
  'spec.replicas',
  'spec.paused',
  'spec.missing',
  'spec.template.spec.containers[*].name',
  'spec.template.spec.containers[0]',
  'spec.template.spec.containers[*].ports[*].containerPort',
  'spec.template.spec.containers[0].args',
  'spec.template.spec.containers[?(@.name=="side")].image',
  'spec.template.spec.containers[0:0].name',
  'spec.template.spec.volumes[*].name',
  'spec.selector',
  'missing[*]',
];
