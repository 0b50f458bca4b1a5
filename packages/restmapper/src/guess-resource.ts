/** How a resource is called, in both numbers. */
export interface ResourceNames {
  readonly plural: string;
  readonly singular: string;
}

/** Kinds whose plural is their singular. */
const Unpluralized = ['endpoints'];

/**
 * What the resource of a kind is probably called. The guess is that of client-go, and is wrong for some kinds (`Gateway` is not
 * `gatewaies`): ask a server where there is one.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/api/meta#UnsafeGuessKindToResource
 */
export function unsafeGuessKindToResource(kind: string): ResourceNames {
  const singular = kind.toLowerCase();
  if (singular === '' || Unpluralized.some((suffix) => singular.endsWith(suffix)))
    return { plural: singular, singular };
  if (singular.endsWith('s')) return { plural: `${singular}es`, singular };
  if (singular.endsWith('y')) return { plural: `${singular.slice(0, -1)}ies`, singular };
  return { plural: `${singular}s`, singular };
}
