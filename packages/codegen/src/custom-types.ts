import { applyName } from './naming.js';
import { FactsError, type FieldFacts, type TypeFacts, type ValueFacts, type ValueType } from './facts.js';
import { shown } from './shown.js';

const ObjectMeta = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
/** Deeper than any schema that somebody wrote; the documents of a hostile one end here. */
const MaxDepth = 100;

/** Part of a structural schema, as it was read: nothing about it is certain. */
type Part = Readonly<Record<string, unknown>>;

/** What a reference in a schema means: the name of a type and its schema. @throws FactsError when there is no such type. */
export type ResolveReference = (reference: string) => { readonly name: string; readonly schema: unknown };

/**
 * The types of one group version of custom resources. The schema of a CustomResourceDefinition is one tree without names: each
 * object in it becomes a type, named after the kind and the fields that lead to it. Where a schema refers to types by name,
 * as in OpenAPI documents, they keep the last part of theirs.
 *
 * Rules that only restrict values (`oneOf`, `pattern`, CEL) are passed over, as types cannot express them.
 */
export class CustomTypes {
  readonly types: Map<string, TypeFacts> = new Map();
  readonly #package: string;
  readonly #taken: Set<string>;
  /** What references stand for; undefined while that is being found out. */
  readonly #referred = new Map<string, ValueFacts | undefined>();
  /** Types that have a name and no fields yet: references may lead back to where they are. */
  readonly #pending: [name: string, schema: Part, path: string][] = [];
  #resolve: ResolveReference | undefined;

  /** @param typePackage - what the names of types begin with; `kinds` keep their own names. */
  constructor(typePackage: string, kinds: readonly string[]) {
    this.#package = typePackage;
    this.#taken = new Set(kinds.flatMap((kind) => [kind, `${kind}List`, applyName(kind)]));
  }

  /** Adds the type of a kind. @returns its name. @throws FactsError when the schema is none. */
  addKind(
    kind: { readonly group: string; readonly version: string; readonly kind: string },
    schema: unknown,
    resolve?: ResolveReference,
  ): string {
    this.#resolve = resolve;
    const name = `${this.#package}.${kind.kind}`;
    const root = schema === undefined ? { type: 'object', [Preserve]: true } : part(schema, kind.kind);
    const { fields = {}, ...facts } = this.#object(root, kind.kind, kind.kind, 0);
    const described = { ...facts, ...description(root) };
    this.types.set(name, { ...described, groupVersionKind: kind, fields: { ...fields, ...ObjectFields } });
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) {
      const [type, part, path] = next;
      this.types.set(type, { ...this.#object(part, path, localName(type), 0), ...description(part) });
    }
    return name;
  }

  /** What a reference stands for is looked at once: otherwise thirty types that each use the next one twice would be a billion. */
  #reference(reference: string, path: string, depth: number): ValueFacts {
    if (reference.endsWith(`/${ObjectMeta}`)) return { ref: ObjectMeta };
    if (this.#referred.has(reference)) {
      const known = this.#referred.get(reference);
      if (!known) throw new FactsError(`${path}: a value that consists of itself`);
      return known;
    }
    this.#referred.set(reference, undefined);
    const value = this.#referredValue(reference, path, depth);
    this.#referred.set(reference, value);
    return value;
  }

  #referredValue(reference: string, path: string, depth: number): ValueFacts {
    if (!this.#resolve) throw new FactsError(`${path}: a reference, which CustomResourceDefinitions cannot have`);
    const { name, schema } = this.#resolve(reference);
    const target = part(schema, name);
    const words = pascalCase(localName(name));
    if (target['properties'] === undefined) return this.#value(target, name, words, depth + 1);
    const type = this.#newName(words);
    this.#pending.push([type, target, name]);
    return { ref: type };
  }

  /** A type with fields of its own; `words` name it and what is in it. */
  #object(schema: Part, path: string, words: string, depth: number): TypeFacts {
    if (depth > MaxDepth) throw new FactsError(`${path}: more than ${MaxDepth} levels deep`);
    const properties = optionalPart(schema['properties'], `${path}.properties`);
    const required = new Set(strings(schema['required'], `${path}.required`));
    const fields = Object.entries(properties ?? {})
      .map(([field, value]) => {
        const at = `${path}.${field}`;
        return [
          field,
          this.#field(part(value, at), at, words + pascalCase(field), required.has(field), depth),
        ] as const;
      })
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const embedded = schema['x-kubernetes-embedded-resource'] === true ? ObjectFields : {};
    return {
      type: 'object',
      ...(schema[Preserve] === true && { preserveUnknown: true }),
      fields: { ...Object.fromEntries(fields), ...embedded },
    };
  }

  #field(schema: Part, path: string, words: string, required: boolean, depth: number): FieldFacts {
    const listType = oneOf(['atomic', 'set', 'map'], schema['x-kubernetes-list-type'], path);
    const keys = strings(schema['x-kubernetes-list-map-keys'], `${path}: list map keys`);
    return {
      ...this.#value(schema, path, words, depth + 1),
      ...description(schema),
      ...(required && { required }),
      ...('default' in schema && { default: schema['default'] }),
      ...(listType && { listType }),
      ...(keys.length > 0 && { listMapKeys: keys }),
    };
  }

  #value(schema: Part, path: string, words: string, depth: number): ValueFacts {
    if (depth > MaxDepth) throw new FactsError(`${path}: more than ${MaxDepth} levels deep`);
    const mapType = oneOf(['atomic', 'granular'], schema['x-kubernetes-map-type'], path);
    const rest = { ...(schema['nullable'] === true && { nullable: true as const }), ...(mapType && { mapType }) };
    const reference = referenceIn(schema);
    if (reference !== undefined) return { ...this.#reference(reference, path, depth), ...rest };
    const type = valueType(schema, path);
    switch (type) {
      case 'array': {
        const items = optionalPart(schema['items'], `${path}.items`);
        return {
          type,
          items: items ? this.#value(items, `${path}[]`, `${words}Item`, depth + 1) : { type: 'any' },
          ...rest,
        };
      }
      case 'map': {
        const values = schema['additionalProperties'];
        const items = values === true ? undefined : part(values, `${path}.additionalProperties`);
        return {
          type,
          items: items ? this.#value(items, `${path}{}`, `${words}Value`, depth + 1) : { type: 'any' },
          ...rest,
        };
      }
      case 'object': {
        if (schema['properties'] === undefined && schema['x-kubernetes-embedded-resource'] !== true) {
          return { type, preserveUnknown: true, ...rest };
        }
        const name = this.#newName(words);
        this.types.set(name, this.#object(schema, path, words, depth));
        return { ref: name, ...rest };
      }
      case 'string':
        return { type, ...format(schema), ...choices(schema), ...rest };
      default:
        return { type, ...(type !== 'int-or-string' && format(schema)), ...rest };
    }
  }

  /** A name that is free, also for the apply configuration of the type. */
  #newName(words: string): string {
    let name = words;
    const isTaken = (): boolean => this.#taken.has(name) || this.#taken.has(applyName(name));
    for (let count = 2; isTaken(); count++) name = `${words}${count}`;
    this.#taken.add(name).add(applyName(name));
    return `${this.#package}.${name}`;
  }
}

const Preserve = 'x-kubernetes-preserve-unknown-fields';

/** What every object begins with. */
const ObjectFields: Readonly<Record<string, FieldFacts>> = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { ref: ObjectMeta },
};

/** Where a schema is that of another type; a reference with a default beside it is written as `allOf` with one element. */
function referenceIn({ $ref, allOf }: Part): string | undefined {
  const [only, another] = Array.isArray(allOf) ? (allOf as unknown[]) : [];
  const target = $ref ?? (another === undefined ? (only as { $ref?: unknown } | null | undefined)?.$ref : undefined);
  return typeof target === 'string' ? target : undefined;
}

/** `Deployment` for `apps.v1.Deployment`. */
function localName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

/** How documents describe a quantity: JSON has it as text, and the server takes numbers too. */
const Quantity = JSON.stringify([{ type: 'string' }, { type: 'number' }]);

function valueType(schema: Part, path: string): ValueType {
  if (schema['x-kubernetes-int-or-string'] === true || schema['format'] === 'int-or-string') return 'int-or-string';
  if (shown(schema['oneOf']) === Quantity) return 'quantity';
  const { type, additionalProperties } = schema;
  switch (type) {
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
    case 'array':
      return type;
    case 'object':
      return additionalProperties === undefined || additionalProperties === false ? 'object' : 'map';
    case undefined:
      return schema['properties'] === undefined ? 'any' : 'object';
    default:
      throw new FactsError(`${path}: expected a type of JSON, got ${shown(type)}`);
  }
}

function description({ description: text }: Part): { description?: string } {
  return typeof text === 'string' && text !== '' ? { description: text } : {};
}

function format({ format: text }: Part): { format?: string } {
  return typeof text === 'string' ? { format: text } : {};
}

/** Null among them is said by `nullable`. */
function choices({ enum: values }: Part): { enum?: readonly string[] } {
  const texts = Array.isArray(values) ? values.filter((value) => typeof value === 'string') : [];
  return texts.length > 0 ? { enum: texts } : {};
}

/** `foo-bar.baz` → `FooBarBaz`; letters and digits only. */
function pascalCase(field: string): string {
  const words = field.match(/[A-Za-z0-9]+/g) ?? ['Field'];
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function oneOf<const T extends string>(expected: readonly T[], value: unknown, path: string): T | undefined {
  const found = expected.find((text) => text === value);
  if (found !== undefined || value === undefined) return found;
  throw new FactsError(`${path}: expected ${expected.join(' or ')}, got ${shown(value)}`);
}

function strings(value: unknown, path: string): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((text) => typeof text === 'string')) return value;
  throw new FactsError(`${path}: expected a list of strings`);
}

function optionalPart(value: unknown, path: string): Part | undefined {
  return value === undefined ? undefined : part(value, path);
}

function part(value: unknown, path: string): Part {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Part;
  throw new FactsError(`${path}: expected an object`);
}
