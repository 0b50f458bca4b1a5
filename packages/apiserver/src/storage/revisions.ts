/** The counter that all collections of a store share. */
export interface Revisions {
  /** Of the latest change. */
  current(): number;
  /** The oldest one whose state is known. */
  compacted(): number;
  /** Takes the next revision for one change. */
  next(): number;
}
