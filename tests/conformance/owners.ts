import type { KubernetesObject } from '@client-ts/apimachinery';

/**
 * Who owns which fields of an object: `fieldsV1` by manager, operation and subresource.
 *
 * Times and the order of the entries, which hangs on them, are not for cases to compare: a real server has its own clock.
 */
export function ownersOf({ metadata }: KubernetesObject): Record<string, unknown> {
  return Object.fromEntries(
    (metadata?.managedFields ?? []).map(({ manager, operation, subresource, fieldsV1 }) => [
      [manager, operation, subresource].filter((part) => part !== undefined).join(' '),
      fieldsV1,
    ]),
  );
}
