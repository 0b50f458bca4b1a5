import type { KubernetesObject, ListOptions, Table, Watch, WatchOptions } from '@client-ts/apimachinery';
import { asTable, restClientFor } from '@client-ts/rest';
import { resourceOf } from '../find.js';
import { TabWriter } from '../printing/tab-writer.js';
import type { Session } from '../session.js';
import type { Collection, Target, Targets } from '../targets.js';
import { type GetFlags, isForPeople, objectPrinter, tablePrinter } from './get-flags.js';

type Subject = Target | Collection;

/** What is watched, in one form: tables or objects. */
interface View<T> {
  get(name: string): Promise<T>;
  list(options: ListOptions): Promise<{ readonly resourceVersion: string | undefined; readonly all: readonly T[] }>;
  watch(options: WatchOptions): Watch<T>;
  print(one: T): void;
}

/** Prints what there is, and then what changes, until the server ends the watch. */
export async function watch(session: Session, targets: Targets, flags: GetFlags): Promise<void> {
  const [subject, ...others] = 'items' in targets ? targets.items : targets.collections;
  if (!subject || others.length > 0) throw new Error('you may only specify a single resource type');
  if (isForPeople(flags)) await show(session, subject, tableView(session, subject, flags));
  else await show(session, subject, objectView(session, subject, flags));
}

async function show<T>(session: Session, subject: Subject, view: View<T>): Promise<void> {
  const { signal } = session.io;
  const isOne = 'name' in subject;
  const selection = isOne
    ? { fieldSelector: `metadata.name=${subject.name}` }
    : { labelSelector: subject.labelSelector, fieldSelector: subject.fieldSelector };
  const { resourceVersion, all } = isOne
    ? { resourceVersion: '0', all: [await view.get(subject.name)] }
    : await view.list({ ...selection, signal });
  for (const one of all) view.print(one);
  // The watch of one object begins with what has been shown.
  let isShown = isOne;
  for await (const event of view.watch({ ...selection, resourceVersion, signal })) {
    if (event.type === 'BOOKMARK') continue;
    if (!isShown) view.print(event.object);
    isShown = false;
  }
}

function tableView(session: Session, { mapping, namespace }: Subject, flags: GetFlags): View<Table> {
  const tables = asTable(restClientFor(session.config), mapping, namespace);
  const writer = new TabWriter(session.io.stdout);
  const printer = tablePrinter(mapping, flags, writer);
  return {
    ...tables,
    async list(options) {
      const table = await tables.list(options);
      return { resourceVersion: table.metadata.resourceVersion, all: [table] };
    },
    print(table) {
      printer.print(table);
      writer.flush();
    },
  };
}

function objectView(session: Session, subject: Subject, flags: GetFlags): View<KubernetesObject> {
  const resource = resourceOf(session, subject);
  return {
    get: (name) => resource.get(name),
    async list(options) {
      const { metadata, items } = await resource.list(options);
      return { resourceVersion: metadata.resourceVersion, all: items };
    },
    watch: (options) => resource.watch(options),
    print: objectPrinter(session, flags),
  };
}
