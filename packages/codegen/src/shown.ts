/** A value for a message, as JSON; a `bigint`, which long integers are read as, with all of its digits. */
export function shown(value: unknown): string {
  if (value === undefined) return 'undefined';
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? String(member) : member));
}
