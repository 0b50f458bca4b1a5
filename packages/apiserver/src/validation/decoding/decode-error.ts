/** JSON that does not fit the types, in the words of a Go decoder. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
