import type { KubernetesObject, Table, Watch, WatchOptions } from '@client-ts/apimachinery';
import { eachListChunk } from '@client-ts/pager';
import { resourceOf } from '../find.js';
import { TabWriter } from '../printing/tab-writer.js';
import type { Session } from '../session.js';
import { TableSource } from '../table-source.js';
import type { Collection, Target, Targets } from '../targets.js';
import { type GetFlags, isForPeople, objectPrinter, sourceOptions, tablePrinter } from './get-flags.js';

/** What is watched, in one form: tables or objects. */
interface View<T> {
  get(target: Target): Promise<T>;
  list(
    collection: Collection,
  ): AsyncIterable<{ readonly resourceVersion: string | undefined; readonly all: readonly T[] }>;
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
  const { signal } = session.io;
  await (isForPeople(flags)
    ? show(subject, flags['watch-only'], tableView(session, subject, flags), signal)
    : show(subject, flags['watch-only'], objectView(session, subject, flags), signal));
}

async function show<T>(
  subject: Target | Collection,
  watchOnly: boolean,
  view: View<T>,
  signal: AbortSignal,
): Promise<void> {
  const showNow = (one: T): void => (watchOnly ? view.skip(one) : view.print(one, 'ADDED'));
  let from: WatchOptions;
  if ('name' in subject) {
    showNow(await view.get(subject));
    from = { fieldSelector: `metadata.name=${subject.name}`, resourceVersion: '0' };
  } else {
    const { labelSelector, fieldSelector } = subject;
    let resourceVersion: string | undefined;
    for await (const page of view.list(subject)) {
      for (const one of page.all) showNow(one);
      resourceVersion = page.resourceVersion;
    }
    from = { labelSelector, fieldSelector, resourceVersion };
  }
  // The watch of one object begins with what has been shown.
  let isShown = 'name' in subject;
  for await (const event of view.watch({ ...from, signal })) {
    if (event.type === 'BOOKMARK') continue;
    if (isShown) view.skip(event.object);
    else view.print(event.object, event.type);
    isShown = false;
  }
}

function tableView(session: Session, subject: Target | Collection, flags: GetFlags): View<Table> {
  const source = new TableSource(session, sourceOptions(flags));
  const writer = new TabWriter(session.io.stdout);
  const printer = tablePrinter(subject.mapping, flags, writer);
  return {
    get: (target) => source.get(target),
    async *list(collection) {
      for await (const { object } of source.list(collection)) {
        yield { resourceVersion: object.metadata.resourceVersion, all: [object] };
      }
    },
    watch: (options) => source.tablesOf(subject).watch(options),
    print(table, event) {
      printer.print(table, flags['output-watch-events'] ? event : undefined);
      writer.flush();
    },
    skip: (table) => printer.print({ ...table, rows: [] }),
  };
}

function objectView(session: Session, subject: Target | Collection, flags: GetFlags): View<KubernetesObject> {
  if (flags['output-watch-events']) throw new Error('--output-watch-events is for tables only');
  const resource = resourceOf(session, subject);
  const print = objectPrinter(session, flags);
  return {
    get: ({ name }) => resource.get(name),
    async *list({ labelSelector, fieldSelector }) {
      const options = { labelSelector, fieldSelector, limit: sourceOptions(flags).limit };
      for await (const { metadata, items } of eachListChunk(resource, options)) {
        yield { resourceVersion: metadata.resourceVersion, all: items };
      }
    },
    watch: (options) => resource.watch(options),
    print: (object) => print(object),
    skip: () => undefined,
  };
}
