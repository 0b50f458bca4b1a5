interface ProcessLike {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
}

/** Whether this is development, or a test, by `NODE_ENV`: there it matters more that mistakes show than that all is fast. */
export function frozenByDefault(): boolean {
  try {
    const mode = (globalThis as ProcessLike).process?.env?.['NODE_ENV'];
    return mode === 'development' || mode === 'test';
  } catch {
    // Deno refuses to tell, unless it is allowed to.
    return false;
  }
}
