import { newShape, type Shape } from './shape.js';

/** What a value is, in JSON and among the bytes. */
export const Kind = {
  String: 0,
  Int32: 1,
  Int64: 2,
  Bool: 3,
  Double: 4,
  Bytes: 5,
  Quantity: 6,
  Time: 7,
  MicroTime: 8,
  IntOrString: 9,
  Json: 10,
  Message: 11,
  /** Its fields are among those of the message around it. */
  Inline: 12,
  /** Not looked at. */
  Skip: 13,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

export const Label = { One: 0, List: 1, Map: 2 } as const;
export type Label = (typeof Label)[keyof typeof Label];

/** What JSON shows of a field without a value. */
export const Absent = {
  /** Nothing; nor is an empty value shown. */
  Omitted: 0,
  /** Nothing; an empty value is shown. */
  Unset: 1,
  /** The empty value, which is among the bytes. */
  Empty: 2,
  Null: 3,
} as const;
export type Absent = (typeof Absent)[keyof typeof Absent];

export const Wire = { Varint: 0, Fixed64: 1, Bytes: 2, Fixed32: 5 } as const;

export interface Field {
  readonly number: number;
  /** In JSON. */
  readonly name: string;
  readonly kind: Kind;
  readonly label: Label;
  readonly absent: Absent;
  /** The wire type of a value that stands alone. */
  readonly wire: number;
  /** The tag before each value. */
  readonly tag: number;
  /** Of fields that are messages. Missing until it is needed: see {@link messageOf}. */
  message: MessageType | undefined;
  readonly link: (() => MessageType) | undefined;
  /** Whether it is a message that is looked at. */
  readonly isNested: boolean;
  /** Makes the maps of this field. */
  readonly MapShape: Shape | undefined;
  /** Of a field that JSON shows as null when it is not there, as long as there are bits for all of them. */
  readonly bit: number;
}

/** The message of a field that is one: of the hundreds that an object may have, most never come. */
export function messageOf(field: Pick<Field, 'link' | 'message'>): MessageType {
  return (field.message ??= field.link!());
}

/** How a message appears in JSON. */
export const Form = {
  /** As an object. */
  Object: 0,
  /** As the value of its one field. */
  Whole: 1,
  /** As the value of its last field that is set. */
  Choice: 2,
} as const;
export type Form = (typeof Form)[keyof typeof Form];

/** Of an integer that V8 keeps without an object around it. */
const MaxBits = 30;

/** One message, as it is needed while decoding. */
export class MessageType {
  readonly name: string;
  readonly form: Form;
  /** By number. */
  readonly fields: (Field | undefined)[] = [];
  /** Names of all fields in JSON, with those of inline messages. */
  readonly names: Set<string> = new Set();
  /** The bits of all fields that may be null; NaN if they are too many, and then never equal to what was seen. */
  nullable = 0;
  /** What JSON shows in every object of a type that is a kind, and the bytes do not have. */
  typeMeta: { readonly apiVersion: string; readonly kind: string } | undefined;
  readonly Shape: Shape = newShape();
  #nullables = 0;

  constructor(name: string, form: Form) {
    this.name = name;
    this.form = form;
  }

  add(field: Omit<Field, 'bit' | 'isNested' | 'MapShape' | 'tag' | 'wire'>): void {
    let bit = 0;
    if (field.absent === Absent.Null) {
      bit = this.#nullables < MaxBits ? 1 << this.#nullables : 0;
      this.nullable = ++this.#nullables > MaxBits ? NaN : this.nullable | bit;
    }
    const wire = wireOf(field.kind);
    const tag = field.number * 8 + (field.label === Label.Map ? Wire.Bytes : wire);
    const isNested = field.kind === Kind.Message || field.kind === Kind.Inline;
    const MapShape = field.label === Label.Map ? newShape() : undefined;
    const { number, name, kind, label, absent, message, link } = field;
    this.fields[number] = { number, name, kind, label, absent, message, link, bit, isNested, MapShape, wire, tag };
    if (field.kind === Kind.Inline) for (const inner of messageOf(field).names) this.names.add(inner);
    else this.names.add(field.name);
  }

  /** The field of this name. */
  field(name: string): Field | undefined {
    return this.fields.find((field) => field?.name === name);
  }

  /** The same message, but for some fields. */
  with(change: (field: Field) => Partial<Field>): MessageType {
    const changed = new MessageType(this.name, this.form);
    for (const field of this.fields) if (field) changed.add({ ...field, ...change(field) });
    return changed;
  }
}

function wireOf(kind: Kind): number {
  switch (kind) {
    case Kind.Int32:
    case Kind.Int64:
    case Kind.Bool:
      return Wire.Varint;
    case Kind.Double:
      return Wire.Fixed64;
    default:
      return Wire.Bytes;
  }
}
