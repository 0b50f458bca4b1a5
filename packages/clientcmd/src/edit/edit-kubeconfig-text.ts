import { isDeepStrictEqual } from 'node:util';
import { parseJson, stringifyJson } from '@client-ts/apimachinery';
import { parseAllYaml, stringifyYaml } from '@client-ts/serializer/yaml';
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  Pair,
  parseDocument,
  visit,
  YAMLMap,
  YAMLSeq,
  type ToStringOptions,
} from 'yaml';
import { EntryKinds, type EntryList } from '../kubeconfig.js';
import { parseKubeconfig } from '../parse-kubeconfig.js';
import { quoted } from '../quoted.js';
import { indentJson } from './indent-json.js';

/** How one file has to change. */
export interface FileChange {
  /** `''` clears it; left out, it stays. */
  readonly currentContext?: string | undefined;
  /** In this order: a rename or deletion makes place for another entry of the name. */
  readonly entries: readonly EntryChange[];
}

export type EntryChange =
  | { readonly type: 'rename'; readonly list: EntryList; readonly from: string; readonly to: string }
  | { readonly type: 'delete'; readonly list: EntryList; readonly name: string }
  /** `before` is what the file says now; it tells which fields have to go. */
  | {
      readonly type: 'set';
      readonly list: EntryList;
      readonly name: string;
      readonly before: object | undefined;
      readonly value: object;
    };

/** Scalars stay the text that they are: nothing that is not touched can change its meaning. */
const Options = { schema: 'failsafe', version: '1.2', resolveKnownTags: false, uniqueKeys: false } as const;

/**
 * The text of a kubeconfig file with some entries changed, and all else as it was: comments, the order of entries and
 * fields, and fields that nobody knows. JSON stays JSON.
 *
 * Anchors and aliases are written out first, since whoever changes one entry does not mean others; comments are lost then.
 *
 * Rejects with a {@link KubeconfigError} when the text is no kubeconfig, and with a TypeError when the result would not say
 * what it should: then the file is better left alone.
 */
export async function editKubeconfigText(text: string, change: FileChange): Promise<string> {
  const expected = changedModel(await modelOf(text), change);
  const document = parse(text);
  const root = document.contents as YAMLMap;
  const json = isJson(text);
  const make = maker(json || Boolean(root.flow));
  if (change.currentContext !== undefined) put(root, 'current-context', make(change.currentContext), make);
  for (const each of change.entries) applyChange(root, each, make);
  const written = document.toString(layoutOf(text));
  const [, jsonIndent] = (json && /\n([ \t]+)/.exec(text)) || [];
  const lines = jsonIndent === undefined ? written : `${indentJson(written, jsonIndent)}\n`;
  const result = text.includes('\r\n') ? lines.replaceAll('\n', '\r\n') : lines;
  if (!isDeepStrictEqual(await modelOf(result), expected)) {
    throw new TypeError('the kubeconfig cannot be changed without harm to its other contents');
  }
  return result;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // it is YAML then
  }
}

function parse(text: string): Document {
  const document: Document = parseDocument(text, Options);
  let aliased = false;
  visit(document, {
    Alias() {
      aliased = true;
      return visit.BREAK;
    },
  });
  // Nor can a document be written back that is followed by an empty one.
  const plain: Document =
    aliased || document.errors.length > 0
      ? parseDocument(stringifyYaml(parseAllYaml(text)[0] ?? {}), Options)
      : document;
  if (!isMap(plain.contents)) plain.contents = new YAMLMap();
  return plain;
}

type Make = (value: unknown) => Node;

/** Makes nodes of values: quoted as far as it takes, or as JSON, which can stand in a flow. */
function maker(json: boolean): Make {
  return (value) => {
    // A field, since text that stands alone is always quoted.
    const text = json ? stringifyJson({ value }) : stringifyYaml({ value });
    return (parseDocument(text, Options).contents as YAMLMap).get('value', true) as unknown as Node;
  };
}

function applyChange(root: YAMLMap, change: EntryChange, make: Make): void {
  const list = itemsOf(root, change.list, make);
  const find = (name: string): number => list.items.findIndex((item) => nameOf(item) === name);
  if (change.type === 'rename') {
    const item = list.items[find(change.from)];
    if (isMap(item)) put(item, 'name', make(change.to), make);
  } else if (change.type === 'delete') {
    const index = find(change.name);
    if (index >= 0) list.items.splice(index, 1);
    if (list.items.length === 0) inOneLine(list);
  } else {
    const { name, before = {}, value } = change;
    const kind = EntryKinds[change.list];
    const item = list.items[find(name)];
    const fields = isMap(item) ? item.get(kind, true) : undefined;
    if (isMap(fields)) setFields(fields, before, value, make);
    else if (isMap(item)) put(item, kind, make(value), make);
    else list.items.push(make({ [kind]: value, name }));
  }
}

/** The list of entries; made where there is none. */
function itemsOf(root: YAMLMap, list: EntryList, make: Make): YAMLSeq {
  const found: unknown = root.get(list, true);
  const items = isSeq(found) ? found : new YAMLSeq();
  if (items !== found) put(root, list, items, make);
  // The form of an empty list says nothing about that of its entries.
  if (items.items.length === 0) items.flow = Boolean(root.flow);
  return items;
}

/** The library would write a comment between the field and the brackets, without indentation. */
function inOneLine(list: YAMLSeq): void {
  list.flow = true;
  list.comment ??= list.commentBefore ?? null;
  list.commentBefore = null;
}

function nameOf(item: unknown): string {
  const name = isMap(item) ? item.get('name', true) : undefined;
  return isScalar(name) ? String(name.value) : '';
}

type Fields = Readonly<Record<string, unknown>>;

/** Fields that both sides have are changed from the inside, so that what nobody knows of stays there, too. */
function setFields(map: YAMLMap, before: object, after: object, make: Make): void {
  const [old, next] = [before as Fields, after as Fields];
  for (const field of new Set([...Object.keys(old), ...Object.keys(next)])) {
    if (isDeepStrictEqual(old[field], next[field])) continue;
    const node = map.get(field, true);
    if (next[field] === undefined) map.delete(field);
    else if (isMap(node) && isPlain(old[field]) && isPlain(next[field])) {
      setFields(node, old[field], next[field], make);
    } else put(map, field, make(next[field]), make);
  }
}

/** A comment behind or above the old value is meant for the new one. */
function put(map: YAMLMap, field: string, node: Node, make: Make): void {
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === field);
  if (!pair) {
    map.items.push(new Pair(make(field), node));
    return;
  }
  if (isScalar(pair.value) && isScalar(node)) {
    const { comment, commentBefore, spaceBefore } = pair.value;
    Object.assign(node, { comment, commentBefore, spaceBefore });
  }
  pair.value = node;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How the text is indented, so that lines which say the same look the same. */
function layoutOf(text: string): ToStringOptions {
  const depths = [...text.matchAll(/^( +)[^\s#]/gm)].map(([, spaces = '']) => spaces.length);
  const indentSeq = /^[\w-]+:[^\S\n]*\n(?:[^\S\n]*#.*\n)* +-/m.test(text);
  return { indent: depths.length > 0 ? Math.min(8, ...depths) : 2, indentSeq, lineWidth: 0, doubleQuotedAsJSON: true };
}

/** What a text says. */
type Model = Readonly<Record<EntryList, ReadonlyMap<string, unknown>>> & { readonly currentContext: string };

async function modelOf(text: string): Promise<Model> {
  const { currentContext = '', clusters, users, contexts } = await parseKubeconfig(text);
  const values = (entries: ReadonlyMap<string, { readonly value: object }>): Map<string, unknown> =>
    new Map([...entries].map(([name, { value }]) => [name, value]));
  return { currentContext, clusters: values(clusters), users: values(users), contexts: values(contexts) };
}

function changedModel(model: Model, { currentContext = model.currentContext, entries }: FileChange): Model {
  const result = {
    currentContext,
    clusters: new Map(model.clusters),
    users: new Map(model.users),
    contexts: new Map(model.contexts),
  };
  for (const change of entries) {
    const list = result[change.list];
    if (change.type === 'set') {
      // As plain as what will be read.
      list.set(change.name, parseJson(stringifyJson(change.value)));
      continue;
    }
    const name = change.type === 'delete' ? change.name : change.from;
    if (!list.has(name))
      throw new TypeError(`there is no ${EntryKinds[change.list]} ${quoted(name)} to ${change.type}`);
    if (change.type === 'rename') list.set(change.to, list.get(name));
    list.delete(name);
  }
  return result;
}
