import { FactsError, type MessageFacts } from './facts.js';

/** What messages are read from: one package of Go source with its protobuf definitions. */
export interface ProtobufPackage {
  /** The `generated.proto`. */
  readonly definitions: string;
  /** The handwritten Go files. */
  readonly goSources: readonly string[];
}

const Meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const Extensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';

/** Messages that are a value in JSON, with a form of their own. */
const Values: ReadonlyMap<string, string> = new Map([
  ['io.k8s.apimachinery.pkg.api.resource.Quantity', 'quantity'],
  ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', 'intOrString'],
  ['io.k8s.apimachinery.pkg.runtime.RawExtension', 'json'],
  [`${Meta}.Time`, 'time'],
  [`${Meta}.MicroTime`, 'microTime'],
  [`${Meta}.FieldsV1`, 'json'],
  [`${Extensions}.JSON`, 'json'],
]);

/** Messages of which one field is the value in JSON, as their handwritten `MarshalJSON` does it. */
const Choices: ReadonlySet<string> = new Set(
  ['JSONSchemaPropsOrArray', 'JSONSchemaPropsOrBool', 'JSONSchemaPropsOrStringArray'].map(
    (name) => `${Extensions}.${name}`,
  ),
);

const Scalars: ReadonlySet<string> = new Set(['string', 'int32', 'int64', 'bool', 'double', 'bytes']);

/**
 * The messages that `roots` consist of, in the words of `ProtobufTable` with full names. Numbers and types are those of the
 * definitions; names in JSON, and when a field is left out, are in the tags of the Go structs.
 *
 * @param packageOf - gives a package by the prefix of schema names, such as `io.k8s.api.core.v1`.
 * @throws FactsError on what cannot be expressed.
 */
export function readMessages(
  roots: Iterable<string>,
  packageOf: (name: string) => ProtobufPackage | undefined,
): Map<string, MessageFacts> {
  const packages = new Map<string, ReadonlyMap<string, Message>>();
  const find = (name: string): Message | undefined => {
    const at = name.lastIndexOf('.');
    const prefix = name.slice(0, at);
    let known = packages.get(prefix);
    if (!known) packages.set(prefix, (known = messagesOf(prefix, packageOf(prefix))));
    return known.get(name.slice(at + 1));
  };
  const messages = new Map<string, MessageFacts>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (messages.has(name) || Values.has(name)) continue;
    const message = find(name);
    // Not every type has a protobuf form.
    if (!message) continue;
    messages.set(name, Choices.has(name) ? ['|', ...message.fields] : message.fields);
    queue.push(...message.refs);
  }
  for (const [name, fields] of messages) {
    for (const ref of fields.flatMap((field) => /\bio\.k8s\.[\w.-]+/.exec(field)?.[0] ?? [])) {
      if (!messages.has(ref)) throw new FactsError(`message ${name} uses ${ref}, which is not defined`);
    }
  }
  return new Map([...messages].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface Message {
  readonly fields: string[];
  /** The messages that it has fields of. */
  readonly refs: string[];
}

function messagesOf(prefix: string, source: ProtobufPackage | undefined): Map<string, Message> {
  const messages = new Map<string, Message>();
  if (!source) return messages;
  const tags = new Map(source.goSources.flatMap((text) => [...tagsOf(text)]));
  for (const [, name = '', body = ''] of source.definitions.matchAll(/^message (\w+) \{\n(.*?)^\}/gms)) {
    const message: Message = { fields: [], refs: [] };
    const struct = tags.get(name);
    for (const line of body.split('\n')) {
      if (line.trim() === '' || /^\s*\/\//.test(line)) continue;
      const field = readField(line, prefix, `${prefix}.${name}`);
      const tag = struct?.get(field.number);
      if (struct && !tag) throw new FactsError(`${prefix}.${name}: no field in Go has the number ${field.number}`);
      message.fields.push(struct && tag ? expression(field, tag) : `= ${field.type}${field.label}~`);
      if (!Scalars.has(field.type)) message.refs.push(field.type);
    }
    if (!struct && message.fields.length > 1 && !Values.has(`${prefix}.${name}`)) continue;
    messages.set(name, message);
  }
  return messages;
}

interface Field {
  readonly number: string;
  readonly type: string;
  readonly label: '' | '*' | '%';
}

function readField(line: string, prefix: string, message: string): Field {
  const [, label, key, mapped, type = mapped, number] =
    /^ {2}(?:(optional|repeated|required) |map<(\w+), ([\w.]+)> )(?:([\w.]+) )?\w+ = (\d+);$/.exec(line) ?? [];
  if (type === undefined || number === undefined || (key !== undefined && key !== 'string')) {
    throw new FactsError(`message ${message}: cannot read ${JSON.stringify(line)}`);
  }
  return { number, type: typeOf(type, prefix), label: key !== undefined ? '%' : label === 'repeated' ? '*' : '' };
}

/** `.k8s.io.api.core.v1.Pod` → `io.k8s.api.core.v1.Pod` */
function typeOf(type: string, prefix: string): string {
  if (Scalars.has(type)) return type;
  const name = type.includes('.')
    ? type.replace(/^\.?k8s\.io\./, 'io.k8s.').replaceAll('_', '-')
    : `${prefix}.${type}`;
  return Values.get(name) ?? name;
}

/** What the tag of a field in Go says. */
interface Tag {
  /** In JSON; empty when the fields of this one are among those of the struct. */
  readonly name: string;
  readonly goType: string;
  readonly options: string;
}

/** The tags of the fields of each struct, by the number in protobuf. */
function tagsOf(goSource: string): Map<string, Map<string, Tag>> {
  const structs = new Map<string, Map<string, Tag>>();
  let fields = new Map<string, Tag>();
  for (const line of goSource.split('\n')) {
    const struct = /^type (\w+) struct/.exec(line)?.[1];
    if (struct !== undefined) fields = new Map();
    const [, goType = '', tag = ''] = /^\t(?:\w+\s+)?(\S+)\s+`(.*)`/.exec(line) ?? [];
    const [, number, protobufName = ''] = /protobuf:"\w+,(\d+)(?:.*name=(\w+))?/.exec(tag) ?? [];
    const [, name = protobufName, options = ''] = /json:"([\w-]*)([^"]*)"/.exec(tag) ?? [];
    if (number !== undefined) fields.set(number, { goType, name, options });
    if (struct !== undefined) structs.set(struct, fields);
  }
  for (const [name, tags] of structs) if (tags.size === 0) structs.delete(name);
  return structs;
}

function expression({ number, type, label }: Field, { name, goType, options }: Tag): string {
  return `${number} ${name || '...'} ${type}${label}${name ? whenAbsent(type, label, goType, options) : ''}`;
}

/** Go leaves a field out that is empty and may be left out; what is neither nil nor a scalar is never empty. */
function whenAbsent(type: string, label: Field['label'], goType: string, options: string): string {
  const mayBeLeftOut = options.includes('omitempty');
  if (goType.startsWith('*')) return mayBeLeftOut ? '?' : '~';
  if (label !== '' || type === 'bytes') return mayBeLeftOut ? '' : '~';
  if (options.includes('omitzero')) return '';
  return mayBeLeftOut && Scalars.has(type) ? '' : '!';
}
