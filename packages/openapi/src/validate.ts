import { formatGroupVersion } from '@client-ts/apimachinery';
import { elementPath, fieldPath } from './field-path.js';
import { type Format, formats, quantity } from './formats.js';
import { brokenLimits } from './limits.js';
import { duplicates } from './list-elements.js';
import type { Problem, ProblemReason } from './problem.js';
import { isRaw, memberOf, type Raw } from './raw-schema.js';
import type { Schema } from './schema.js';
import { shownName } from './shown-name.js';
import { suggestion } from './suggestion.js';
import { nameOfType, valueTypes } from './value-types.js';

/** The deepest real objects, CRDs of recursive schemas, have some 60 levels. */
const MaxDepth = 250;

const DefaultLimit = 100;

/** Values of an enumeration that a message lists. */
const MaxChoices = 20;

export interface ValidateOptions {
  /** How many problems are looked for; default 100, so that an object of the wrong kind does not give one for each field. */
  readonly limit?: number | undefined;
}

/**
 * What is wrong with an object, as far as its schema tells: unknown, missing and wrong fields, in the order of the object. An
 * empty list means that nothing is.
 *
 * That is what `kubectl` checks before it sends an object, and more: values of enumerations, limits, quantities, times, integers
 * that do not fit, doubles in lists of custom resources. The server may still refuse for what a schema does not say. Not checked
 * are `pattern` (its dialect is not JavaScript's, and a hostile one would never end), `anyOf`, `oneOf` and `not`, and rules in
 * CEL.
 *
 * Members that are `undefined` count as absent.
 *
 * @throws OpenApiError where the schema is malformed.
 */
export function validate(schema: Schema, object: unknown, options: ValidateOptions = {}): readonly Problem[] {
  const validation = new Validation(options.limit ?? DefaultLimit);
  validation.root(schema, object);
  return validation.problems;
}

class Validation {
  readonly problems: Problem[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  root(schema: Schema, object: unknown): void {
    if (isRaw(object) && schema.kinds.length > 0) this.#kind(schema, object);
    this.#value(schema, object, '', 0);
  }

  #kind({ kinds, required }: Schema, object: Raw): void {
    const missing = ['apiVersion', 'kind'].filter((name) => typeof memberOf(object, name) !== 'string');
    for (const name of missing) if (!required.has(name)) this.#add(name, 'required', 'required');
    if (missing.length > 0) return;
    const matches = kinds.some(
      (candidate) =>
        candidate.kind === memberOf(object, 'kind') && formatGroupVersion(candidate) === memberOf(object, 'apiVersion'),
    );
    const [first] = kinds;
    if (matches || !first) return;
    this.#add('kind', 'enum', `expected ${shownName(first.kind)} of ${shownName(formatGroupVersion(first))}`);
  }

  /** `undefined` and what a field's `null` stands for have been dealt with. */
  #value(schema: Schema, value: unknown, path: string, depth: number): void {
    if (this.#isFull) return;
    if (depth > MaxDepth) return this.#add(path, 'tooDeep', `nested deeper than ${MaxDepth} levels`);
    if (value === null && schema.isNullable) return;
    const { type } = schema;
    if (type !== undefined && !valueTypes[type].has(value)) {
      return this.#add(path, 'type', `expected ${valueTypes[type].expected}, got ${nameOfType(value)}`);
    }
    if (value === null) return;
    this.#constraints(schema, value, path);
    if (isRaw(value) && (type === 'object' || schema.propertyNames.size > 0)) this.#fields(schema, value, path, depth);
    else if (Array.isArray(value)) this.#elements(schema, value, path, depth);
  }

  #constraints(schema: Schema, value: unknown, path: string): void {
    const choices = schema.enum;
    // To a Go type an empty string is the same as none.
    const isChoice =
      choices === undefined || choices.has(value) || (schema.isGoType && value === '') || isComposite(value);
    if (!isChoice) this.#add(path, 'enum', `expected ${listed(choices)}, got ${shown(value)}`);
    const format = formatOf(schema);
    if (format && !format.has(value)) this.#add(path, 'format', `expected ${format.expected}`);
    for (const expected of brokenLimits(schema, value)) this.#add(path, 'limit', `expected ${expected}`);
  }

  #fields(schema: Schema, object: Raw, path: string, depth: number): void {
    for (const name of schema.required) {
      if (this.#isFull) return;
      if (isMissing(schema, object, name)) this.#add(fieldPath(path, name), 'required', 'required');
    }
    if (schema.isEmbeddedResource) this.#embedded(object, path);
    const { values, allowsUnknown } = schema;
    for (const [name, value] of Object.entries(object)) {
      if (this.#isFull) return;
      const field = schema.property(name) ?? values;
      if (value === undefined) continue;
      if (field) {
        if (value !== null || !isNullNothing(field)) this.#value(field, value, fieldPath(path, name), depth + 1);
      } else if (!allowsUnknown) this.#unknown(schema, path, name);
    }
  }

  /** That there are such fields the schema itself says. */
  #embedded(object: Raw, path: string): void {
    for (const name of ['apiVersion', 'kind']) {
      if (memberOf(object, name) === '') this.#add(fieldPath(path, name), 'required', 'may not be empty');
    }
  }

  #unknown(schema: Schema, path: string, name: string): void {
    const meant = suggestion(name, schema.propertyNames);
    const hint = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
    this.#add(fieldPath(path, name), 'unknownField', `unknown field${hint}`, meant);
  }

  #elements(schema: Schema, elements: readonly unknown[], path: string, depth: number): void {
    const { items } = schema;
    for (const [index, element] of elements.entries()) {
      if (!items || this.#isFull) break;
      // Go decodes `null` as the zero value: of a struct, one without fields; of anything else, one that is right.
      const isZeroValue = element === null && items.isGoType;
      if (isZeroValue && items.type !== 'object') continue;
      this.#value(items, isZeroValue ? {} : element, elementPath(path, index), depth + 1);
    }
    // In lists of its own types, a server takes the last one, or warns, or refuses: only it knows which.
    if (schema.isGoType) return;
    for (const { index, by } of duplicates(schema, elements)) {
      this.#add(elementPath(path, index), 'duplicate', `an element before it has the same ${shownName(by)}`);
    }
  }

  get #isFull(): boolean {
    return this.problems.length >= this.#limit;
  }

  #add(path: string, reason: ProblemReason, what: string, meant?: string): void {
    if (this.#isFull) return;
    const message = path === '' ? what : `${path}: ${what}`;
    this.problems.push(meant === undefined ? { path, reason, message } : { path, reason, message, suggestion: meant });
  }
}

/** A server puts defaults in before it looks; those that are Go's zero values are only how Go types are published. */
function isMissing(schema: Schema, object: Raw, name: string): boolean {
  const value = memberOf(object, name);
  const field = schema.property(name);
  if (value !== undefined && (value !== null || !field || !isNullNothing(field))) return false;
  return field?.default === undefined || (schema.isGoType && isZero(field.default));
}

/** Whether `null` in a field of this schema is the same as no field. */
function isNullNothing(field: Schema): boolean {
  return field.isGoType || !field.isNullable;
}

function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false || (isRaw(value) && Object.keys(value).length === 0);
}

function formatOf({ type, format }: Schema): Format | undefined {
  if (type === 'quantity') return quantity;
  return format !== undefined && Object.hasOwn(formats, format) ? formats[format] : undefined;
}

/** Enumerations are of scalars. */
function isComposite(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function listed(choices: ReadonlySet<unknown>): string {
  const names = [...choices].slice(0, MaxChoices).map(shown);
  return `one of ${names.join(', ')}${choices.size > MaxChoices ? ', …' : ''}`;
}

/** What has a few values to choose from is no secret, but it may be long. */
function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
