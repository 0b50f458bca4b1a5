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
  print(one: T, event: string): void;
  /** What is not printed may say how to print what follows. */
  skip(one: T): void;
}

/** Prints what there is, and then what changes, until the server ends the watch. */
export async function watch(session: Session, targets: Targets, flags: GetFlags): Promise<void> {
  if (flags['sort-by'] !== '') {
    session.io.stderr('warning: --watch requested, --sort-by will be ignored for watch events received\n');
  }
  const [subject, ...others] = 'items' in targets ? targets.items : targets.collections;
  if (!subject || others.length > 0) throw new Error('you may only specify a single resource type');
  if (isForPeople(flags)) await show(session, subject, flags, tableView(session, subject, flags));
  else await show(session, subject, flags, objectView(session, subject, flags));
}

async function show<T>(session: Session, subject: Subject, flags: GetFlags, view: View<T>): Promise<void> {
  const { signal } = session.io;
  const isOne = 'name' in subject;
  const selection = isOne
    ? { fieldSelector: `metadata.name=${subject.name}` }
    : { labelSelector: subject.labelSelector, fieldSelector: subject.fieldSelector };
  const { resourceVersion, all } = isOne
    ? { resourceVersion: '0', all: [await view.get(subject.name)] }
    : await view.list({ ...selection, signal });
  for (const one of all) {
    if (flags['watch-only']) view.skip(one);
    else view.print(one, 'ADDED');
  }
  // The watch of one object begins with what has been shown.
  let isShown = isOne;
  for await (const event of view.watch({ ...selection, resourceVersion, signal })) {
    if (event.type === 'BOOKMARK') continue;
    if (isShown) view.skip(event.object);
    else view.print(event.object, event.type);
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
    print(table, event) {
      printer.print(table, flags['output-watch-events'] ? event : undefined);
      writer.flush();
    },
    skip: (table) => printer.print({ ...table, rows: [] }),
  };
}

function objectView(session: Session, subject: Subject, flags: GetFlags): View<KubernetesObject> {
  if (flags['output-watch-events']) throw new Error('--output-watch-events is for tables only');
  const resource = resourceOf(session, subject);
  return {
    get: (name) => resource.get(name),
    async list(options) {
      const { metadata, items } = await resource.list(options);
      return { resourceVersion: metadata.resourceVersion, all: items };
    },
    watch: (options) => resource.watch(options),
    print: objectPrinter(session, flags),
    skip: () => undefined,
  };
}
