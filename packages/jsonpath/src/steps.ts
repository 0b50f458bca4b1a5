import type { FloatLiteral } from './go-value.js';

/** Steps are taken in order: each is given the values that the one before it found. */
export type Steps = readonly Step[];

export type Step =
  | { readonly type: 'text'; readonly at: number; readonly text: string }
  | { readonly type: 'field'; readonly at: number; readonly name: string }
  | { readonly type: 'wildcard'; readonly at: number }
  | { readonly type: 'recursive'; readonly at: number }
  | { readonly type: 'literal'; readonly at: number; readonly value: number | bigint | boolean | FloatLiteral }
  /** `range`, `end`, or a word that does not exist. */
  | { readonly type: 'word'; readonly at: number; readonly word: string }
  | { readonly type: 'union'; readonly at: number; readonly branches: readonly Steps[] }
  | SliceStep
  | FilterStep;

/** `[start:end:step]`. */
export interface SliceStep {
  readonly type: 'slice';
  readonly at: number;
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** Whether it was written as `[start]`, and the end is the next one: after -1 that is the length, not 0. */
  readonly single: boolean;
  readonly step: number | undefined;
}

/** `[?(left operator right)]`. */
export interface FilterStep {
  readonly type: 'filter';
  readonly at: number;
  readonly left: Steps;
  /** Without one, `left` has to find something. */
  readonly comparison?: { readonly operator: string; readonly right: Steps };
}
