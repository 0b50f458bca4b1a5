/** A resource is scaled by a kind that is none of those of Kubernetes. */
export class UnknownScaleKindError extends Error {
  override readonly name = 'UnknownScaleKindError';
  readonly apiVersion: string;
  readonly kind: string;

  constructor({ apiVersion = '', kind = '' }: { apiVersion?: string; kind?: string }, known: readonly string[]) {
    const found = `${JSON.stringify(kind)} of ${JSON.stringify(apiVersion)}`;
    super(`kind ${found} is not known: expected "Scale" of ${known.join(', ')}`);
    this.apiVersion = apiVersion;
    this.kind = kind;
  }
}

/** Whether `err` is an `UnknownScaleKindError` of this or another copy of the package. */
export function isUnknownScaleKind(err: unknown): err is UnknownScaleKindError {
  return err instanceof Error && err.name === 'UnknownScaleKindError';
}
