import { formatGroupVersion, type ProtobufTable } from '@client-ts/apimachinery';
import { Absent, Form, Kind, Label, MessageType } from './message-type.js';
import { ProtobufError } from './protobuf-error.js';

const Kinds: Readonly<Record<string, Kind>> = {
  string: Kind.String,
  int32: Kind.Int32,
  int64: Kind.Int64,
  bool: Kind.Bool,
  double: Kind.Double,
  bytes: Kind.Bytes,
  quantity: Kind.Quantity,
  time: Kind.Time,
  microTime: Kind.MicroTime,
  intOrString: Kind.IntOrString,
  json: Kind.Json,
};
/** The group of the types that all others share. */
export const MetaGroup = 'meta.k8s.io';

const Labels: Readonly<Record<string, Label>> = { '': Label.One, '*': Label.List, '%': Label.Map };
const Absents: Readonly<Record<string, Absent>> = {
  '': Absent.Omitted,
  '?': Absent.Unset,
  '!': Absent.Empty,
  '~': Absent.Null,
};

/** The messages of tables, each read from its line when it is first needed. */
export class MessageTypes {
  readonly #types = new Map<ProtobufTable, Map<string, MessageType>>();

  /** @throws ProtobufError when the table does not have it. */
  get(table: ProtobufTable, name: string): MessageType {
    let types = this.#types.get(table);
    if (!types) this.#types.set(table, (types = new Map()));
    const known = types.get(name);
    if (known) return known;
    const text = Object.hasOwn(table.messages, name) ? table.messages[name] : undefined;
    if (text === undefined) throw new ProtobufError(`the table of ${table.group}/${table.version} has no ${name}`);
    const form = text.startsWith('=') ? Form.Whole : text.startsWith('|') ? Form.Choice : Form.Object;
    const type = new MessageType(name, form);
    // Before its fields, which may be of this type.
    types.set(name, type);
    if (table.kinds.includes(name)) {
      type.names.add('apiVersion').add('kind');
      // What belongs to every group version has that of whoever sends it.
      if (table.group !== MetaGroup) type.typeMeta = { apiVersion: formatGroupVersion(table), kind: name };
    }
    const fields = text.slice(form === Form.Object ? 0 : 1);
    if (fields !== '') for (const field of fields.split(',')) this.#addField(type, field, table);
    return type;
  }

  #addField(type: MessageType, text: string, table: ProtobufTable): void {
    const [, number, name = '', of = '', label = '', absent = ''] =
      /^(\d+) (\S+) ([\w.]+)([*%]?)([?!~]?)$/.exec(text) ?? [];
    if (number === undefined)
      throw new ProtobufError(`message ${type.name} of a table: cannot read ${JSON.stringify(text)}`);
    const scalar = Object.hasOwn(Kinds, of) ? Kinds[of] : undefined;
    type.add({
      number: Number(number),
      name,
      kind: scalar ?? (name === '...' ? Kind.Inline : Kind.Message),
      label: Labels[label]!,
      absent: Absents[absent]!,
      message: undefined,
      link: scalar === undefined ? () => this.#reference(of, table) : undefined,
    });
  }

  #reference(of: string, table: ProtobufTable): MessageType {
    const dot = of.indexOf('.');
    if (dot < 0) return this.get(table, of);
    const other = table.uses?.[of.slice(0, dot)];
    if (!other) throw new ProtobufError(`the table of ${table.group}/${table.version} does not use ${of}`);
    return this.get(other, of.slice(dot + 1));
  }
}
