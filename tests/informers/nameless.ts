import type { KubernetesObject } from '@client-ts/apimachinery';

/** Whether an object arrives without its name, so that nobody can read its key: in the state after every third write. */
export function isNameless({ metadata }: KubernetesObject): boolean {
  return Number(metadata?.labels?.['write']) % 3 === 0;
}

/** Takes the name of such an object away. */
export function takeName(object: KubernetesObject): void {
  if (isNameless(object)) delete object.metadata?.name;
}
