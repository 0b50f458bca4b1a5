/** `metadata.managedFields` do not say what a manager has applied; the message names the place. */
export class ManagedFieldsError extends Error {
  override readonly name = 'ManagedFieldsError';
}
