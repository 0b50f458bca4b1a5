/** The history that was asked for has been compacted away. */
export class CompactedError extends Error {
  override readonly name = 'CompactedError';
  /** The revision that was asked for. */
  readonly revision: number;
  /** The oldest revision whose state is still known. */
  readonly compacted: number;

  constructor(revision: number, compacted: number) {
    super(`revision ${revision} has been compacted; the oldest known one is ${compacted}`);
    this.revision = revision;
    this.compacted = compacted;
  }
}
