/** What `discard()` of a transport reads at most: a small body is worth reading for the sake of its connection, a large one is not. */
export const DiscardLimitBytes: number = 128 * 1024;
