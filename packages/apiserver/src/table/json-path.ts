import { isJsonPathError, parseJsonPath } from '@client-ts/jsonpath';

/**
 * Reads a path such as `.status.conditions[?(@.type=="Ready")].status`, once for all objects: gives the first value there, or
 * `undefined` when there is none, or when the path is none.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function jsonPathReader(path: string): (root: unknown) => unknown {
  const template = unlessWrong(() => parseJsonPath(`{${path}}`));
  return (root) => unlessWrong(() => template?.evaluate(root, { allowMissingKeys: true })[0]?.[0]);
}

function unlessWrong<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!isJsonPathError(error)) throw error;
    return undefined;
  }
}
