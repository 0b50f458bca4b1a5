/** What is wrong with a value. */
export type ProblemReason =
  'unknownField' | 'required' | 'type' | 'enum' | 'format' | 'limit' | 'duplicate' | 'tooDeep';

/** One way in which an object is not what its schema says. */
export interface Problem {
  /** Of the field, such as `spec.containers[0].image`; empty for the object itself. */
  readonly path: string;
  readonly reason: ProblemReason;
  /** For people: the path, and what was expected. It never quotes what may be a secret. */
  readonly message: string;
  /** The field that was probably meant by an unknown one. */
  readonly suggestion?: string | undefined;
}
