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
  packageOf: (prefix: string) => ProtobufPackage | undefined,
): Map<string, MessageFacts> {
  const source = new Source(packageOf);
  const messages = new Map<string, MessageFacts>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (messages.has(name) || Values.has(name)) continue;
    const message = source.message(name);
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
  readonly fields: readonly string[];
  /** The messages that it has fields of. */
  readonly refs: readonly string[];
}

/** The packages, each read once. */
class Source {
  readonly #packageOf: (prefix: string) => ProtobufPackage | undefined;
  readonly #definitions = new Map<string, ReadonlyMap<string, string>>();
  readonly #structs = new Map<string, ReadonlyMap<string, Struct>>();

  constructor(packageOf: (prefix: string) => ProtobufPackage | undefined) {
    this.#packageOf = packageOf;
  }

  message(name: string): Message | undefined {
    const prefix = prefixOf(name);
    const body = this.#definition(prefix, name);
    if (body === undefined) return undefined;
    const fields = body.map((line) => readField(line, prefix, name));
    const refs = fields.flatMap(({ type }) => (Scalars.has(type) ? [] : [type]));
    const struct = this.#struct(prefix, name);
    if (struct) {
      const isList = ({ type }: Field): boolean => type.includes('.') && !this.#struct(prefixOf(type), type);
      return {
        fields: fields.map((field) => expression(field, struct.get(field.number), name, isList(field))),
        refs,
      };
    }
    const [only, ...others] = fields;
    // A list with a name of its own.
    if (only?.label !== '*' || others.length > 0) throw new FactsError(`there is no Go struct for message ${name}`);
    return { fields: ['=', `${only.number} items ${only.type}*~`], refs };
  }

  /** The lines of a message. */
  #definition(prefix: string, name: string): string[] | undefined {
    let definitions = this.#definitions.get(prefix);
    if (!definitions) {
      const text = this.#packageOf(prefix)?.definitions ?? '';
      const found = [...text.matchAll(/^message (\w+) \{\n(.*?)^\}/gms)];
      definitions = new Map(found.map(([, message, body = '']) => [`${prefix}.${message}`, body]));
      this.#definitions.set(prefix, definitions);
    }
    return definitions
      .get(name)
      ?.split('\n')
      .filter((line) => !/^\s*(?:\/\/.*)?$/.test(line));
  }

  #struct(prefix: string, name: string): ReadonlyMap<string, Tag> | undefined {
    let structs = this.#structs.get(prefix);
    if (!structs) {
      const texts = this.#packageOf(prefix)?.goSources ?? [];
      structs = new Map(texts.flatMap((text) => [...structsOf(text, prefix)]));
      this.#structs.set(prefix, structs);
    }
    const struct = structs.get(name);
    return typeof struct === 'string' ? this.#struct(prefixOf(struct), struct) : struct;
  }
}

/** `io.k8s.api.core.v1` for `io.k8s.api.core.v1.Pod` */
function prefixOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
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
  const name = type.includes('.') ? type.replace(/^\.?k8s\.io\./, 'io.k8s.').replaceAll('_', '-') : `${prefix}.${type}`;
  return Values.get(name) ?? name;
}

/** What the tag of a field in Go says. */
interface Tag {
  /** In JSON; empty when the fields of this one are among those of the struct. */
  readonly name: string;
  readonly goType: string;
  readonly options: string;
}

/** The tags of a struct by the numbers of fields, or the name of the struct of another package whose fields it has. */
type Struct = ReadonlyMap<string, Tag> | string;

function structsOf(goSource: string, prefix: string): Map<string, Struct> {
  const structs = new Map<string, Struct>();
  let fields = new Map<string, Tag>();
  for (const line of goSource.split('\n')) {
    const [, name, rest = ''] = /^type (\w+) (.*)/.exec(line) ?? [];
    if (name !== undefined) {
      fields = new Map();
      const [, alias, original] = /^=?\s*(\w+)\.(\w+)$/.exec(rest) ?? [];
      const from = alias && new RegExp(`^\\s+${alias} "(k8s\\.io/\\S+)"`, 'm').exec(goSource)?.[1];
      if (from)
        structs.set(`${prefix}.${name}`, `${from.replace('k8s.io/', 'io.k8s.').replaceAll('/', '.')}.${original}`);
      else if (rest.startsWith('struct')) structs.set(`${prefix}.${name}`, fields);
    }
    const [, goType = '', tags = ''] = /^\t(?:\w+\s+)?(\S+)\s+`(.*)`/.exec(line) ?? [];
    const [, number, protobufName = ''] = /protobuf:"\w+,(\d+)(?:.*name=(\w+))?/.exec(tags) ?? [];
    const [, jsonName = protobufName, options = ''] = /json:"([^",]*)([^"]*)"/.exec(tags) ?? [];
    if (number !== undefined) fields.set(number, { name: jsonName, goType, options });
  }
  return structs;
}

function expression({ number, type, label }: Field, tag: Tag | undefined, message: string, isList: boolean): string {
  if (!tag) throw new FactsError(`message ${message}: no field of the Go struct has the number ${number}`);
  if (tag.name === '') return `${number} ... ${type}`;
  return `${number} ${tag.name} ${type}${label}${whenAbsent(type, isList || label !== '', tag)}`;
}

/** Go leaves a field out that is empty and may be left out; of what is no pointer, list or map, only scalars are ever empty. */
function whenAbsent(type: string, isList: boolean, { goType, options }: Tag): string {
  const mayBeLeftOut = options.includes('omitempty');
  if (goType.startsWith('*')) return mayBeLeftOut ? '?' : '~';
  if (isList || type === 'bytes') return mayBeLeftOut ? '' : '~';
  if (options.includes('omitzero')) return '';
  return mayBeLeftOut && Scalars.has(type) ? '' : '!';
}
