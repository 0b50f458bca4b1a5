import type { GroupVersionKind } from '@client-ts/apimachinery';
import { fieldPath } from './field-path.js';
import { isRaw, listIn, memberOf, objectIn, type Raw, stringIn, stringsIn } from './raw-schema.js';
import { shownName } from './shown-name.js';
import { schemaParts } from './schema-parts.js';
import type { SchemaTable } from './schema-table.js';

/** What a value has to be. `int-or-string` and `quantity` are Kubernetes' own: a string or a number each. */
export type ValueType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'int-or-string' | 'quantity';

const JsonTypes: ReadonlySet<string> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

/** How Kubernetes' own packages name what they publish; a CRD's schema has the CRD's group there. */
const GoTypeName = /^io\.k8s\.(?:api|apimachinery|[a-z0-9-]+\.pkg)\./;

const QuantityName = 'io.k8s.apimachinery.pkg.api.resource.Quantity';

/** Objects without a word on what may be in them, which hold any object; others that look so are structs without fields. */
const OpenObjects: ReadonlySet<string> = new Set([
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch',
  'io.k8s.apimachinery.pkg.runtime.RawExtension',
]);

/** The keywords that limit a number, the length of a string or the size of an array or object. */
const LimitNames = [
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

export type Limit = (typeof LimitNames)[number];

/** Where a schema stands: its document, and its surroundings. */
export interface SchemaContext {
  readonly table: SchemaTable<Schema>;
  /** For errors. */
  readonly place: string;
  /** Whether the schema around this one is published from a Go type. */
  readonly inGoType: boolean;
}

/**
 * One schema of an {@link OpenApiDocument}, with references followed and `allOf` merged. Read only as far as it is looked at, so
 * that schemas may be recursive.
 *
 * Properties and methods throw an `OpenApiError` where the document is malformed.
 */
export class Schema {
  /** That of the document, such as `io.k8s.api.core.v1.Container`; `undefined` for what is written inside of another schema. */
  readonly name: string | undefined;
  /**
   * Published from one of Kubernetes' own Go types. Servers decode such values as Go does, where `null` is the same as nothing;
   * values of custom resources they hold to the schema.
   */
  readonly isGoType: boolean;
  readonly #parts: readonly Raw[];
  readonly #table: SchemaTable<Schema>;
  readonly #place: string;
  readonly #children = new Map<string, Schema>();
  #choices: ReadonlySet<unknown> | undefined;
  #required: ReadonlySet<string> | undefined;
  #names: ReadonlySet<string> | undefined;
  #limits: ReadonlyMap<Limit, number> | undefined;

  /** Use {@link OpenApiDocument.schema}. */
  constructor(written: readonly unknown[], { table, place, inGoType }: SchemaContext, name?: string) {
    const found = schemaParts(table.named, written, place);
    this.name = name ?? found.name;
    this.isGoType = this.name === undefined ? inGoType : GoTypeName.test(this.name);
    this.#parts = found.parts;
    this.#table = table;
    this.#place = this.name === undefined ? place : shownName(this.name);
  }

  /** The kinds of the objects that it describes; empty unless these are whole objects. */
  get kinds(): readonly GroupVersionKind[] {
    return this.#parts.flatMap(kindsIn);
  }

  /** `undefined`: any. */
  get type(): ValueType | undefined {
    if (this.name === QuantityName) return 'quantity';
    if (this.format === 'int-or-string' || this.#flag('x-kubernetes-int-or-string')) return 'int-or-string';
    const written = this.writtenType;
    return written !== undefined && JsonTypes.has(written) ? (written as ValueType) : undefined;
  }

  /** `type` as it is in the document, for people. */
  get writtenType(): string | undefined {
    return this.#first((part) => stringIn(part, 'type'));
  }

  get format(): string | undefined {
    return this.#first((part) => stringIn(part, 'format'));
  }

  /** What is said at the place itself, which is empty where only its type is described. */
  get description(): string {
    const [own] = this.#parts;
    return (own && stringIn(own, 'description')) ?? '';
  }

  /** Each that is there: that of the field comes first, that of its type next. */
  get descriptions(): readonly string[] {
    return this.#parts.flatMap((part) => stringIn(part, 'description') ?? []);
  }

  /** Whether `null` is a value of its own. */
  get isNullable(): boolean {
    return this.#flag('nullable');
  }

  /** The value that servers put in where there is none; `undefined` if they do not. */
  get default(): unknown {
    return this.#first((part) => memberOf(part, 'default'));
  }

  /** The values that are allowed; `undefined`: all. */
  get enum(): ReadonlySet<unknown> | undefined {
    const part = this.#parts.find((candidate) => Array.isArray(memberOf(candidate, 'enum')));
    if (part) this.#choices ??= new Set(listIn(part, 'enum'));
    return this.#choices;
  }

  get required(): ReadonlySet<string> {
    return (this.#required ??= new Set(this.#parts.flatMap((part) => stringsIn(part, 'required'))));
  }

  /** In the order of the document. */
  get propertyNames(): ReadonlySet<string> {
    return (this.#names ??= new Set(this.#parts.flatMap((part) => Object.keys(objectIn(part, 'properties') ?? {}))));
  }

  /** Of a field, or `undefined` where the schema has none of this name. */
  property(name: string): Schema | undefined {
    if (!this.propertyNames.has(name)) return undefined;
    return this.#child(`.${name}`, fieldPath(this.#place, name), (part) =>
      memberOf(objectIn(part, 'properties') ?? {}, name),
    );
  }

  /** Of the elements of an array; `undefined`: any. */
  get items(): Schema | undefined {
    return this.#child('[]', `${this.#place}[]`, (part) => memberOf(part, 'items'));
  }

  /** Of the values of a map, whose keys are free; `undefined` if it is none, or has any. */
  get values(): Schema | undefined {
    return this.#child('{}', `${this.#place}{}`, (part) => objectIn(part, 'additionalProperties'));
  }

  /** Whether fields that the schema does not name are kept as they are. */
  get allowsUnknown(): boolean {
    return (
      this.#flag('additionalProperties') ||
      this.#flag('x-kubernetes-preserve-unknown-fields') ||
      (this.name !== undefined && OpenObjects.has(this.name))
    );
  }

  /** Whether the value is an object of its own, with `apiVersion`, `kind` and `metadata`. */
  get isEmbeddedResource(): boolean {
    return this.#flag('x-kubernetes-embedded-resource');
  }

  /** `atomic`, `set` or `map`. */
  get listType(): string | undefined {
    return this.#first((part) => stringIn(part, 'x-kubernetes-list-type'));
  }

  /** The fields that tell the elements of a list of type `map` apart. */
  get listMapKeys(): readonly string[] {
    return this.#parts.flatMap((part) => stringsIn(part, 'x-kubernetes-list-map-keys'));
  }

  get limits(): ReadonlyMap<Limit, number> {
    return (this.#limits ??= new Map(
      LimitNames.flatMap((limit) => {
        const bound = this.#first((part) => memberOf(part, limit));
        return typeof bound === 'number' ? [[limit, bound]] : [];
      }),
    ));
  }

  /** Whether `minimum` or `maximum` itself is out of bounds. */
  isExclusive(limit: 'minimum' | 'maximum'): boolean {
    return this.#flag(limit === 'minimum' ? 'exclusiveMinimum' : 'exclusiveMaximum');
  }

  #flag(name: string): boolean {
    return this.#parts.some((part) => memberOf(part, name) === true);
  }

  #first<T>(read: (part: Raw) => T | undefined): T | undefined {
    for (const part of this.#parts) {
      const value = read(part);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #child(step: string, place: string, read: (part: Raw) => unknown): Schema | undefined {
    const known = this.#children.get(step);
    if (known) return known;
    const written = this.#parts.map(read).filter((part) => part !== undefined);
    if (written.length === 0) return undefined;
    const context = { table: this.#table, place, inGoType: this.isGoType };
    const child = this.#table.get(written, this.isGoType, () => new Schema(written, context));
    this.#children.set(step, child);
    return child;
  }
}

/** What `x-kubernetes-group-version-kind` says, as far as it is well-formed. */
export function kindsIn(part: Raw): readonly GroupVersionKind[] {
  return listIn(part, 'x-kubernetes-group-version-kind').flatMap((entry) => {
    if (!isRaw(entry)) return [];
    const { group, version, kind } = entry;
    if (typeof group !== 'string' || typeof version !== 'string' || typeof kind !== 'string') return [];
    return [{ group, version, kind }];
  });
}
