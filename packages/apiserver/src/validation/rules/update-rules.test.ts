import type { KubernetesObject } from '@client-ts/apimachinery';
import { describe, expect, it } from 'vitest';
import { job, object, pod, problemsOf, service, workload } from './sample-objects.test.kit.js';

type Path = readonly (string | number)[];

/** The object with another value at a path; `undefined` takes it away. */
function changed(given: object, path: Path, value: unknown): object {
  const copy = structuredClone(given) as Record<string | number, unknown>;
  const last = path.at(-1) ?? '';
  let place = copy;
  for (const key of path.slice(0, -1)) place = (place[key] ??= {}) as typeof place;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}

const PodProblem = expect.stringMatching(/^spec: Forbidden: pod updates may not change fields other than/) as string;
const ClaimProblem = expect.stringMatching(/^spec: Forbidden: spec is immutable after creation except/) as string;

const image: Path = ['spec', 'containers', 0, 'image'];
const immutableMap = object('ConfigMap', { data: { a: 'b' }, immutable: true });
const claim = object('PersistentVolumeClaim', {
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});

describe('what an object may become', () => {
  it.each<[string, object, Path, unknown, string[]]>([
    ['Deployment', workload('Deployment'), ['spec', 'replicas'], 3, []],
    [
      'Deployment',
      workload('Deployment'),
      ['spec', 'selector', 'matchLabels'],
      {},
      [
        'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
        'spec.selector: Invalid value: {}: field is immutable',
      ],
    ],
    ['StatefulSet', workload('StatefulSet'), ['spec', 'replicas'], 3, []],
    [
      'StatefulSet',
      workload('StatefulSet'),
      ['spec', 'serviceName'],
      'y',
      ['spec.serviceName: Invalid value: "y": field is immutable'],
    ],
    ['Job', job({ completions: 1 }), ['spec', 'parallelism'], 3, []],
    [
      'Job',
      job({ completions: 1 }),
      ['spec', 'completions'],
      3,
      ['spec.completions: Invalid value: 3: field is immutable'],
    ],
    ['Pod', pod(), image, 'other', []],
    ['Pod', pod(), ['spec', 'activeDeadlineSeconds'], 5, []],
    ['Pod', pod(), ['spec', 'tolerations'], [{ key: 'a', operator: 'Exists' }], []],
    ['Pod', pod(), ['spec', 'containers', 0, 'command'], ['x'], [PodProblem]],
    ['Pod', pod(), ['spec', 'nodeName'], 'n', [PodProblem]],
    [
      'Pod',
      pod(),
      ['spec', 'containers', 1],
      { name: 'd', image: 'i' },
      ['spec.containers: Forbidden: pod updates may not add or remove containers'],
    ],
    ['Service', service({ clusterIP: '10.0.0.1' }), ['spec', 'clusterIP'], undefined, []],
    [
      'Service',
      service({ clusterIP: '10.0.0.1' }),
      ['spec', 'clusterIP'],
      '10.0.0.2',
      ['spec.clusterIPs[0]: Invalid value: ["10.0.0.2"]: may not change once set'],
    ],
    ['Service', service(), ['spec', 'type'], 'NodePort', []],
    ['ConfigMap', object('ConfigMap', { data: { a: 'b' } }), ['data', 'a'], 'c', []],
    ['immutable ConfigMap', immutableMap, ['metadata', 'labels'], { a: 'b' }, []],
    [
      'immutable ConfigMap',
      immutableMap,
      ['data', 'a'],
      'c',
      ['data: Forbidden: field is immutable when `immutable` is set'],
    ],
    [
      'immutable ConfigMap',
      immutableMap,
      ['immutable'],
      false,
      ['immutable: Forbidden: field is immutable when `immutable` is set'],
    ],
    ['Secret', object('Secret', { type: 'a' }), ['type'], 'b', ['type: Invalid value: "b": field is immutable']],
    ['PersistentVolumeClaim', claim, ['spec', 'accessModes'], ['ReadWriteMany'], [ClaimProblem]],
    ['PersistentVolumeClaim', claim, ['spec', 'resources', 'requests', 'storage'], '2Gi', [ClaimProblem]],
    [
      'bound PersistentVolumeClaim',
      { ...claim, status: { phase: 'Bound' } },
      ['spec', 'resources', 'requests', 'storage'],
      '2Gi',
      [],
    ],
  ])('%s: %#', (_, old, path, value, problems) => {
    expect(problemsOf(changed(old, path, value), old as KubernetesObject)).toEqual(problems);
  });
});
