/** What `read` gives, or `undefined` when it throws: for what may be damaged, and whose caller knows what that means. */
export function attempt<V>(read: () => V): V | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
