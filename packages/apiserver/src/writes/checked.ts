import { newBadRequest } from '@client-ts/apimachinery/errors';
import type { CheckedObject, ObjectToCheck } from '../object-checker.js';
import type { WriteContext } from './write-context.js';

/**
 * Runs an object through the schemas, and does what `fieldValidation` asks for with what they found.
 *
 * @throws StatusError 400 when the client wanted to be strict.
 */
export function checked(
  context: WriteContext,
  input: Pick<ObjectToCheck, 'operation' | 'object' | 'old' | 'text'>,
): CheckedObject {
  const { cluster, resource, subresource, fieldValidation } = context;
  const result = cluster.check({ resource, subresource, fieldValidation, ...input });
  if (fieldValidation === 'Strict' && result.strictErrors.length > 0) {
    throw newBadRequest(`strict decoding error: ${result.strictErrors.join(', ')}`);
  }
  context.warnings.push(...result.warnings);
  return result;
}
