/** A patch that cannot be applied. The message names the operation and the place. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}
