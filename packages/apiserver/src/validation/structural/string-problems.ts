import type { StatusCause } from '@client-ts/apimachinery/errors';
import { invalid, tooLong, wrongType } from '../../rules/causes.js';
import { hasFormat } from './formats.js';
import { type JsonSchema, numberAt } from './json-schema.js';
import { Pattern, PatternCostError } from './pattern.js';
import { PatternSyntaxError } from './pattern-syntax.js';

/** Patterns are compiled once for each schema of the CRDs that are served. */
const patterns = /* @__PURE__ */ new WeakMap<JsonSchema, Pattern>();

/** What a schema finds wrong with a string. Lengths are counted in code points. */
export function stringProblems(text: string, schema: JsonSchema, path: string): StatusCause[] {
  const { format } = schema;
  const causes = lengthProblems(text, schema, path);
  if (causes.length === 0 && typeof schema['pattern'] === 'string') {
    causes.push(...patternProblems(text, schema['pattern'], schema, path));
  }
  if (typeof format === 'string' && !hasFormat(format, text)) {
    causes.push(wrongType(path, text, `${path} in body must be of type ${format}: ${JSON.stringify(text)}`));
  }
  return causes;
}

function lengthProblems(text: string, schema: JsonSchema, path: string): StatusCause[] {
  const length = Array.from(text).length;
  const [max, min] = [numberAt(schema, 'maxLength'), numberAt(schema, 'minLength')];
  if (max !== undefined && length > max) return [tooLong(path, max)];
  if (min === undefined || length >= min) return [];
  return [invalid(path, text, `${path} in body should be at least ${min} chars long`)];
}

function patternProblems(text: string, pattern: string, schema: JsonSchema, path: string): StatusCause[] {
  try {
    let compiled = patterns.get(schema);
    if (!compiled) {
      compiled = new Pattern(pattern);
      patterns.set(schema, compiled);
    }
    return compiled.test(text) ? [] : [invalid(path, text, `${path} in body should match '${pattern}'`)];
  } catch (error) {
    // A pattern that nobody can read, or that cannot be followed in time, lets nothing through.
    if (!(error instanceof PatternSyntaxError || error instanceof PatternCostError)) throw error;
    return [invalid(path, text, `${path} in body should match '${pattern}': ${error.message}`)];
  }
}
