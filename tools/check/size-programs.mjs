/**
 * What users import, as whole programs, with budgets in bytes, minified and compressed: what the whole thing may cost, or a little
 * above what was measured. All of the clientset may cost 60 KiB and 18 KiB. To list pods was meant to cost 25,000 and 9,000; reading
 * lists item by item, other representations and integers of any length cost more than that.
 */
export const programs = [
  {
    name: 'one descriptor: `deployments`',
    code: `import { deployments } from '@client-ts/api/apps/v1'; globalThis.result = deployments;`,
    budget: [400, 300],
  },
  {
    name: '`RateLimitingQueue`',
    code: `import { RateLimitingQueue } from '@client-ts/workqueue'; globalThis.result = RateLimitingQueue;`,
    budget: [12_000, 4_050],
  },
  {
    name: 'list pods: `restClientFor(config).resource(pods, ns)`',
    code: `import { pods } from '@client-ts/api/core/v1'; import { restClientFor } from '@client-ts/rest'; globalThis.result = (c) => restClientFor(c).resource(pods, 'x').list();`,
    budget: [36_600, 13_950],
  },
  {
    name: 'list pods: `new CoreV1Client(config).pods(ns)`',
    code: `import { CoreV1Client } from '@client-ts/clientset/core/v1'; globalThis.result = (c) => new CoreV1Client(c).pods('x').list();`,
    budget: [43_000, 15_800],
  },
  {
    name: 'list deployments: `new AppsV1Client(config)`',
    code: `import { AppsV1Client } from '@client-ts/clientset/apps/v1'; globalThis.result = (c) => new AppsV1Client(c).deployments('x').list();`,
    budget: [37_900, 14_250],
  },
  {
    name: 'everything: `new Clientset(config)`',
    code: `import { Clientset } from '@client-ts/clientset'; globalThis.result = (c) => new Clientset(c).coreV1().pods('x').list();`,
    budget: [61_440, 18_432],
  },
  {
    name: '`new SharedInformerFactory(config)`, with pods',
    code: `import { SharedInformerFactory } from '@client-ts/informers'; import { pods } from '@client-ts/api/core/v1'; globalThis.result = (c) => new SharedInformerFactory(c).informer(pods);`,
    budget: [86_000, 30_100],
  },
  {
    name: '`new Reflector(source, new UndeltaStore(callback))`',
    code: `import { Reflector, UndeltaStore } from '@client-ts/cache'; globalThis.result = (s, f) => new Reflector(s, new UndeltaStore(f));`,
    budget: [23_200, 8_250],
  },
  {
    name: '`until(source, condition)`',
    code: `import { until } from '@client-ts/watch'; globalThis.result = until;`,
    budget: [6_500, 2_800],
  },
  {
    name: '`parseJsonPath`',
    code: `import { parseJsonPath } from '@client-ts/jsonpath'; globalThis.result = parseJsonPath;`,
    budget: [14_500, 5_800],
  },
  {
    name: '`new ScalesGetter(config)`, with discovery',
    code: `import { ScalesGetter } from '@client-ts/scale'; globalThis.result = (c) => new ScalesGetter(c).scales('x');`,
    budget: [58_200, 20_900],
  },
  {
    name: '`protobuf(coreV1Table, appsV1Table)`',
    code: `import { protobuf } from '@client-ts/serializer/protobuf'; import { coreV1Table } from '@client-ts/api/core/v1/protobuf'; import { appsV1Table } from '@client-ts/api/apps/v1/protobuf'; globalThis.result = protobuf(coreV1Table, appsV1Table);`,
    budget: [70_000, 20_000],
  },
  {
    name: '`cbor()`',
    code: `import { cbor } from '@client-ts/serializer/cbor'; globalThis.result = cbor();`,
    budget: [14_000, 5_300],
  },
  {
    name: '`parseYaml`, with the library `yaml`',
    code: `import { parseYaml } from '@client-ts/serializer/yaml'; globalThis.result = parseYaml;`,
    budget: [106_000, 33_600],
  },
];
