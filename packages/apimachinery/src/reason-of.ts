/** What an error says, for a message that tells of it. Anything can be thrown, also what cannot be shown. */
export function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return `${typeof error} without a text`;
  }
}
