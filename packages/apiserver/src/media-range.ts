/** One choice of an `Accept` header. */
export interface MediaRange {
  /** Lower case; `*` stands for anything. */
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** From 0 to 1; what is wanted most has 1. */
  readonly weight: number;
}

/** Most wanted first; what is wanted equally stays in order. No header means anything. */
export function parseAccept(accept: string): MediaRange[] {
  if (accept.trim() === '') return [{ type: '*/*', parameters: new Map(), weight: 1 }];
  const ranges = accept.split(',').map((clause): MediaRange => {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    const values = new Map(
      parameters.map((parameter) => {
        const [name = '', value = ''] = parameter.split('=');
        return [name.trim(), value.trim()];
      }),
    );
    return { type: type.toLowerCase(), parameters: values, weight: Number(values.get('q') ?? 1) };
  });
  return ranges.toSorted((a, b) => b.weight - a.weight);
}

/** Whether a choice covers JSON, whatever its parameters say. */
export function coversJson({ type }: MediaRange): boolean {
  return type === 'application/json' || type === 'application/*' || type === '*/*';
}
