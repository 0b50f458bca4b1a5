import { type EvaluateOptions, Evaluation } from './evaluate.js';
import { plain } from './go-value.js';
import { Budget } from './limits.js';
import { parseTemplate } from './parse.js';
import { printCell, printJson, printText } from './print.js';
import type { Steps } from './steps.js';

/**
 * A template that has been read. It holds no state: it can be used for any number of objects, which client-go's cannot once it
 * has a range.
 *
 * Objects are plain data as it comes from a server; integers may be `bigint`. All methods throw a `JsonPathError` where the
 * object does not go with the template, and where a limit is reached.
 */
export class JsonPath {
  readonly template: string;
  readonly #pieces: readonly Steps[];

  /** Throws a `JsonPathError` of kind `syntax`. */
  constructor(template: string) {
    this.template = template;
    this.#pieces = parseTemplate(template);
  }

  /**
   * What the template finds, as it is in the object: one list for each piece, which is a text outside of braces or what is between
   * two of them; for each round of a range its pieces. `.flat()` gives all values.
   */
  evaluate(value: unknown, options: EvaluateOptions = {}): unknown[][] {
    return this.#run(value, options).map((found) => found.map(plain));
  }

  /** What `kubectl get -o jsonpath=TEMPLATE` prints. What strings have for a terminal stays in it. */
  print(value: unknown, options: EvaluateOptions = {}): string {
    return printText(this.#run(value, options), Budget.length(options));
  }

  /** What `kubectl get -o jsonpath-as-json=TEMPLATE` prints: an indented array for each piece. */
  printJson(value: unknown, options: EvaluateOptions = {}): string {
    return printJson(this.#run(value, options), Budget.length(options));
  }

  /**
   * What is in a cell of `kubectl get -o custom-columns=NAME:TEMPLATE`: values in Go's own notation with commas between them, or
   * `<none>`. kubectl reads such templates with `relaxedJsonPath`, and allows missing keys.
   */
  printCell(value: unknown, options: EvaluateOptions = {}): string {
    return printCell(this.#run(value, options), Budget.length(options));
  }

  #run(value: unknown, options: EvaluateOptions): ReadonlyArray<readonly unknown[]> {
    return new Evaluation(this.#pieces, options).run(value);
  }
}

/** Reads a template in kubectl's dialect of JSONPath. Throws a `JsonPathError` of kind `syntax`. */
export function parseJsonPath(template: string): JsonPath {
  return new JsonPath(template);
}
