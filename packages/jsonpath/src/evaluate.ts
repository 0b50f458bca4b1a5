import { children } from './children.js';
import { compare, isOperator } from './compare.js';
import { Absent, goType, isMap } from './go-value.js';
import { JsonPathError, type JsonPathErrorKind, quoted } from './json-path-error.js';
import { Budget, type JsonPathLimits, MaxNesting } from './limits.js';
import type { FilterStep, SliceStep, Step, Steps } from './steps.js';

export interface EvaluateOptions extends JsonPathLimits {
  /**
   * Whether a key that no value has finds nothing, instead of being an error. Default: false, as in client-go; kubectl sets it
   * unless it is told `--allow-missing-template-keys=false`.
   */
  allowMissingKeys?: boolean | undefined;
}

type Values = readonly unknown[];

/** A step that fails has found something nevertheless, by which `[?(…)]` decides. So it is noted, and not thrown. */
interface Failure {
  readonly kind: JsonPathErrorKind;
  readonly reason: string;
  readonly at: number;
}

/** One evaluation of a template. Ranges are a matter of its whole text, so they are counted here, as client-go does. */
export class Evaluation {
  readonly #pieces: readonly Steps[];
  readonly #allowMissingKeys: boolean;
  readonly #budget: Budget;
  /** `range` and `end` that have been read, and not yet acted upon. */
  #begun = 0;
  #ended = 0;
  #nesting = 0;
  /** The piece that has ended a range last. */
  #lastEnd = -1;
  #failure: Failure | undefined;

  constructor(pieces: readonly Steps[], options: EvaluateOptions) {
    this.#pieces = pieces;
    this.#allowMissingKeys = options.allowMissingKeys ?? false;
    this.#budget = Budget.values(options);
  }

  run(value: unknown): Values[] {
    const results: Values[] = [];
    this.#run(value ?? Absent, 0, results);
    return results;
  }

  #run(value: unknown, from: number, results: Values[]): void {
    const current = [value];
    for (let i = from; i < this.#pieces.length; i++) {
      const found = this.#take(current, this.#pieces[i] ?? []);
      if (this.#failure !== undefined) {
        throw new JsonPathError(this.#failure.kind, this.#failure.reason, this.#failure.at);
      }
      if (this.#ended > 0 && this.#ended <= this.#nesting) {
        this.#ended--;
        this.#lastEnd = i;
        return;
      }
      if (this.#begun > 0) {
        this.#begun--;
        this.#range(found, i, results);
        // A range without an end has the rest of the template, which then follows once more.
        i = Math.max(i, this.#lastEnd);
      } else {
        results.push(found);
      }
    }
  }

  #range(items: Values, at: number, results: Values[]): void {
    this.#nesting++;
    if (this.#nesting > MaxNesting) {
      throw new JsonPathError('limit', `more than ${MaxNesting} ranges in each other`, this.#pieces[at]?.[0]?.at ?? 0);
    }
    for (const item of items) this.#run(item ?? Absent, at + 1, results);
    // To find its end, and whatever is wrong before that.
    if (items.length === 0) this.#run(Absent, at + 1, []);
    this.#nesting--;
  }

  #take(input: Values, steps: Steps): Values {
    let values = input;
    for (const step of steps) {
      values = this.#step(values, step);
      this.#budget.spend(values.length + 1, step.at);
      if (this.#failure !== undefined) break;
    }
    return values;
  }

  #step(input: Values, step: Step): Values {
    switch (step.type) {
      case 'text':
        return [step.text];
      case 'literal':
        return input.map(() => step.value);
      case 'field':
        return this.#field(input, step.name, step.at);
      case 'wildcard':
        return this.#wildcard(input, step.at);
      case 'recursive':
        return this.#recursive(input, step.at);
      case 'slice':
        return this.#slice(input, step);
      case 'union':
        return this.#union(input, step.branches);
      case 'filter':
        return this.#filter(input, step);
      case 'word':
        return this.#word(input, step.word, step.at);
    }
  }

  #fail(kind: JsonPathErrorKind, reason: string, at: number, found: Values): Values {
    this.#failure = { kind, reason, at };
    return found;
  }

  #field(input: Values, name: string, at: number): Values {
    const found: unknown[] = [];
    for (const value of input) {
      // Its own alone: a name like `constructor` is no more than a name.
      if (isMap(value) && Object.hasOwn(value, name) && value[name] !== undefined) found.push(value[name]);
    }
    if (found.length > 0 || input.length === 0 || this.#allowMissingKeys) return found;
    return this.#fail('missing-key', `${quoted(name)} is not found`, at, found);
  }

  #wildcard(input: Values, at: number): Values {
    const found: unknown[] = [];
    for (const value of input) {
      const inside = children(value);
      this.#budget.spend(inside.length, at);
      for (const child of inside) found.push(child ?? null);
    }
    return found;
  }

  /** Every map, list and string that is not empty, each before what is in it. Objects may be deeper than the stack is. */
  #recursive(input: Values, at: number): Values {
    const found: unknown[] = [];
    const left = input.toReversed();
    while (left.length > 0) {
      const value = left.pop();
      this.#budget.spend(1, at);
      if (typeof value === 'string') {
        if (value !== '') found.push(value);
        continue;
      }
      const inside = children(value);
      if (inside.length === 0) continue;
      found.push(value);
      for (let i = inside.length - 1; i >= 0; i--) left.push(inside[i] ?? null);
    }
    return found;
  }

  #slice(input: Values, { start, end, single, step, at }: SliceStep): Values {
    const found: unknown[] = [];
    for (const value of input) {
      if (value === null) continue;
      if (!Array.isArray(value)) return this.#fail('type', `${goType(value)} is not array or slice`, at, input);
      const { length } = value;
      let first = start ?? 0;
      if (first < 0) first += length;
      let next = end ?? length;
      if (next < 0 || (next === 0 && single)) next += length;
      // As in client-go, the first slice that is empty ends it: the lists that follow are not looked at.
      if (first === next) return found;
      const outside = first < 0 || first >= length ? first : next < 0 || next > length ? next - 1 : undefined;
      if (outside !== undefined) {
        return this.#fail('index', `array index out of bounds: index ${outside}, length ${length}`, at, input);
      }
      if (first > next) {
        return this.#fail('index', `starting index ${first} is greater than ending index ${next}`, at, input);
      }
      if (step !== undefined && step <= 0) return this.#fail('index', 'step must be > 0', at, input);
      this.#budget.spend(next - first, at);
      for (let i = first; i < next; i += step ?? 1) found.push(value[i] ?? null);
    }
    return found;
  }

  #union(input: Values, branches: readonly Steps[]): Values {
    const found: unknown[] = [];
    for (const branch of branches) {
      const values = this.#take(input, branch);
      if (this.#failure !== undefined) return input;
      for (const value of values) found.push(value);
    }
    return found;
  }

  #filter(input: Values, { left, comparison, at }: FilterStep): Values {
    const found: unknown[] = [];
    for (const value of input) {
      if (!Array.isArray(value)) {
        return this.#fail('type', `${goType(value)} is not array or slice and cannot be filtered`, at, input);
      }
      for (const element of value as unknown[]) {
        const item = [element ?? null];
        const lefts = this.#take(item, left);
        if (comparison === undefined) {
          if (lefts.length > 0) found.push(item[0]);
          this.#failure = undefined;
          continue;
        }
        if (this.#failure !== undefined) return input;
        if (lefts.length === 0) continue;
        if (lefts.length > 1) return this.#fail('type', 'can only compare one element at a time', at, input);
        const rights = this.#take(item, comparison.right);
        if (this.#failure !== undefined) return input;
        if (rights.length === 0) continue;
        if (rights.length > 1) return this.#fail('type', 'can only compare one element at a time', at, input);

        const { operator } = comparison;
        if (!isOperator(operator))
          return this.#fail('syntax', `unrecognized filter operator ${quoted(operator)}`, at, found);
        const passes = compare(lefts[0], operator, rights[0]);
        if (typeof passes === 'string') return this.#fail('type', passes, at, found);
        if (passes) found.push(item[0]);
      }
    }
    return found;
  }

  #word(input: Values, word: string, at: number): Values {
    switch (word) {
      case 'range':
        this.#begun++;
        return input;
      case 'end':
        if (this.#nesting === 0) return this.#fail('syntax', 'not in range, nothing to end', at, []);
        this.#ended++;
        return [];
      default:
        return this.#fail('syntax', `unrecognized identifier ${quoted(word)}`, at, input);
    }
  }
}
