import type { KubernetesObject } from '@client-ts/apimachinery';
import type { StatusCause } from '@client-ts/apimachinery/errors';
import { metadataTypeProblem } from '../metadata-types.js';
import type { ObjectToCheck } from '../object-checker.js';
import type { WriteContext } from './write-context.js';

/**
 * Runs an object through its types and schemas, and does what `fieldValidation` asks for with what they found.
 *
 * @throws StatusError when the object does not fit its types, or the client wanted to be strict.
 */
export function checked(
  context: WriteContext,
  input: Pick<ObjectToCheck, 'operation' | 'object' | 'old' | 'text'>,
): { readonly object: KubernetesObject; readonly causes: readonly StatusCause[] } {
  const { cluster, resource, subresource, fieldValidation } = context;
  const problem = metadataTypeProblem(input.object.metadata, resource.custom ? undefined : resource.kind);
  if (problem !== undefined) throw context.decodeFailure(problem, input.object);
  const result = cluster.check({ resource, subresource, fieldValidation, ...input });
  if (result.decodeError !== undefined) throw context.decodeFailure(result.decodeError, input.object);
  if (fieldValidation === 'Strict' && result.strictErrors.length > 0) {
    throw context.decodeFailure(`strict decoding error: ${result.strictErrors.join(', ')}`, input.object);
  }
  context.warnings.push(...result.warnings);
  return result;
}
