/** Something is wrong with the arguments, or with what they name; the message is for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
