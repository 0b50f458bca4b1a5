import type { Pod } from '@client-ts/api/core/v1';

/**
 * The container that kubectl takes when none is named: that of the annotation (KEP-2227), or the first one.
 *
 * @param warn - is told when there were others to choose from.
 */
export function defaultContainer(pod: Pod, warn: (text: string) => void): string | undefined {
  const [first] = pod.spec?.containers ?? [];
  const wanted = pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container'];
  if (wanted !== undefined && hasContainer(pod, wanted)) return wanted;
  if (first && all(pod).length > 1) warn(`Defaulted container "${first.name}" out of: ${containerNames(pod)}`);
  return first?.name;
}

export function hasContainer(pod: Pod, wanted: string): boolean {
  return all(pod).some(([name]) => name === wanted);
}

/** As kubectl lists them. */
export function containerNames(pod: Pod): string {
  return all(pod)
    .map(([name, kind]) => name + kind)
    .join(', ');
}

function all({ spec }: Pod): (readonly [name: string, kind: string])[] {
  const { containers = [], ephemeralContainers = [], initContainers = [] } = spec ?? {};
  return [
    ...containers.map(({ name }) => [name, ''] as const),
    ...ephemeralContainers.map(({ name }) => [name, ' (ephem)'] as const),
    ...initContainers.map(({ name }) => [name, ' (init)'] as const),
  ];
}
