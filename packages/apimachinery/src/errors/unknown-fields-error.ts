import { formatGroupVersion, type GroupVersionKind } from '../schema.js';

/**
 * A codec met fields that its tables do not have: the server is newer than they are. Nothing was decoded, because an object
 * without them, written back, would delete them. A client reads such objects in another representation.
 */
export class UnknownFieldsError extends Error {
  override readonly name = 'UnknownFieldsError';
  readonly type: GroupVersionKind;

  /** @param field - the path of the first of them, with the number of the field at its end: `spec.containers.77`. */
  constructor(what: string, type: GroupVersionKind, field: string) {
    super(`${what}: ${formatGroupVersion(type)} ${type.kind} has the unknown field ${field}`);
    this.type = type;
  }
}

/** Whether `err` is an `UnknownFieldsError` of this or another copy of the package. */
export function isUnknownFieldsError(err: unknown): err is UnknownFieldsError {
  return err instanceof Error && err.name === 'UnknownFieldsError';
}
