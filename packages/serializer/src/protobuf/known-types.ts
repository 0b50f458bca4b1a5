import type { GroupVersionKind, ProtobufTable } from '@client-ts/apimachinery';
import { Absent, Form, Kind, Label, messageOf, MessageType } from './message-type.js';
import { MessageTypes, MetaGroup } from './message-types.js';
import { ProtobufError } from './protobuf-error.js';

/** Kinds of every group version. */
const Everywhere: ReadonlySet<string> = new Set(['Status', 'DeleteOptions']);

/** An object with metadata, and forms of its message with less in it. */
export interface KnownType {
  readonly whole: MessageType;
  readonly withoutManagedFields: MessageType;
  /** Everything but metadata is skipped, and managed fields are. */
  readonly metadataOnly: MessageType;
  /** Metadata without managed fields. */
  readonly metadata: MessageType;
}

/** The kinds of some tables. */
export class KnownTypes {
  readonly #tables = new Map<string, ProtobufTable>();
  readonly #messages: MessageTypes = new MessageTypes();
  readonly #types = new Map<string, KnownType>();

  constructor(tables: readonly ProtobufTable[]) {
    for (const table of tables) {
      // Metadata, and what is the same everywhere.
      const meta = table.uses?.['meta'];
      if (meta) this.#tables.set(keyOf(meta), meta);
      this.#tables.set(keyOf(table), table);
    }
  }

  has(type: GroupVersionKind): boolean {
    return this.#tableOf(type) !== undefined || this.isList(type);
  }

  /** Whether it is a list of what is known. */
  isList(type: GroupVersionKind): boolean {
    return type.kind.endsWith('List') && this.#tableOf(itemTypeOf(type)) !== undefined;
  }

  /** Undefined for what is in none of the tables, and for lists. */
  get(type: GroupVersionKind): KnownType | undefined {
    const table = this.#tableOf(type);
    if (!table) return undefined;
    const key = `${keyOf(table)}/${type.kind}`;
    const known = this.#types.get(key);
    if (known) return known;
    const made = this.#make(this.#messages.get(table, type.kind));
    this.#types.set(key, made);
    return made;
  }

  /** Metadata of lists. @throws ProtobufError when no table brings it. */
  get listMeta(): MessageType {
    const meta = this.#meta;
    if (!meta) throw new ProtobufError('no table uses one called "meta", which has the metadata of lists');
    return this.#messages.get(meta, 'ListMeta');
  }

  /** A list as a message, for who writes one. */
  list(type: GroupVersionKind): MessageType | undefined {
    const item = this.get(itemTypeOf(type));
    if (!item) return undefined;
    const list = new MessageType(type.kind, Form.Object);
    list.names.add('apiVersion').add('kind');
    const common = { kind: Kind.Message, absent: Absent.Empty, link: undefined };
    list.add({ ...common, number: 1, name: 'metadata', label: Label.One, message: this.listMeta });
    list.add({ ...common, number: 2, name: 'items', label: Label.List, absent: Absent.Null, message: item.whole });
    return list;
  }

  get #meta(): ProtobufTable | undefined {
    return this.#tables.get(`${MetaGroup}/v1`);
  }

  #tableOf(type: GroupVersionKind): ProtobufTable | undefined {
    const table = Everywhere.has(type.kind) ? this.#meta : this.#tables.get(keyOf(type));
    return table?.kinds.includes(type.kind) ? table : undefined;
  }

  #make(whole: MessageType): KnownType {
    const metadata = whole.field('metadata');
    if (!metadata) {
      return {
        whole,
        withoutManagedFields: whole,
        metadataOnly: whole,
        metadata: new MessageType('ObjectMeta', Form.Object),
      };
    }
    const message = messageOf(metadata).with(({ name }) => (name === 'managedFields' ? skipped : {}));
    const withoutManagedFields = whole.with((field) => (field.name === 'metadata' ? { message } : {}));
    const metadataOnly = withoutManagedFields.with(({ name }) => (name === 'metadata' ? {} : skipped));
    return { whole, withoutManagedFields, metadataOnly, metadata: message };
  }
}

const skipped = { kind: Kind.Skip, label: Label.One, absent: Absent.Omitted } as const;

/** `Pod` for `PodList`. */
export function itemTypeOf(list: GroupVersionKind): GroupVersionKind {
  return { ...list, kind: list.kind.slice(0, -'List'.length) };
}

function keyOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return `${group}/${version}`;
}
