/** What a strategic merge needs to know of a type. Lookups are by field name; `undefined` means nothing is known. */
export interface PatchSchema {
  field(name: string): FieldPatchSchema | undefined;
}

/** How one field is merged: its `patchStrategy` and `patchMergeKey`. */
export interface FieldPatchSchema {
  /**
   * - `merge`: a list is merged instead of replaced.
   * - `replace`: an object is replaced instead of merged.
   * - `retainKeys`: tells those who make patches to send `$retainKeys`; it changes nothing here.
   */
  readonly strategies: readonly ('merge' | 'replace' | 'retainKeys')[];
  /** Field that identifies the items of a merged list of objects; absent for lists of scalars. */
  readonly mergeKey?: string | undefined;
  /** Schema of the value, or of the items of a list. */
  readonly value?: PatchSchema | undefined;
}
