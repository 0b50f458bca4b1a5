import type { KubernetesObject } from '@client-ts/apimachinery';
import { command } from '../command.js';
import { throwAll } from '../failure.js';
import { findAll, ObjectSource } from '../find.js';
import { kindName } from '../printing/printer.js';
import { TabWriter } from '../printing/tab-writer.js';
import type { TablePrinter } from '../printing/table-printer.js';
import type { Session } from '../session.js';
import { TableSource } from '../table-source.js';
import { findTargets, type Targets } from '../targets.js';
import { type GetFlags, getFlags, isForPeople, objectPrinter, tablePrinter } from './get-flags.js';
import { watch } from './get-watch.js';

export const get = command({
  usage: '(TYPE[,TYPE…] [NAME…] | TYPE/NAME… | -f FILE) [-o wide|json|yaml|name|jsonpath=…|custom-columns=…] [-w]',
  flags: getFlags,
  async run(session, line) {
    const { flags } = line;
    const targets = await findTargets(session, line, true);
    if (flags.watch) await watch(session, targets, flags);
    else if (isForPeople(flags)) await printTables(session, targets, flags);
    else await printObjects(session, targets, flags);
  },
});

async function printTables(session: Session, targets: Targets, flags: GetFlags): Promise<void> {
  const ignoreNotFound = flags['ignore-not-found'];
  const { found, errors } = await findAll(targets, new TableSource(session), { ignoreNotFound });
  let written = false;
  let separator = '';
  const writer = new TabWriter((text) => {
    session.io.stdout(separator + text);
    separator = '';
    written = true;
  });
  const types = found.map(({ mapping }) => kindName(mapping.group, mapping.kind));
  const withKind = new Set(types).size > 1;
  let printer: TablePrinter | undefined;
  for (const [i, { mapping, object }] of found.entries()) {
    if (!printer || types[i] !== types[i - 1]) {
      writer.flush();
      writer.forgetWidths();
      if (written && !flags['no-headers']) separator = '\n';
      printer = tablePrinter(mapping, flags, writer, withKind);
    }
    printer.print(object);
  }
  writer.flush();
  if (!written && !ignoreNotFound && errors.length === 0) {
    const inOne = !flags['all-namespaces'] && found.every(({ mapping }) => mapping.scope === 'Namespaced');
    session.io.stderr(`No resources found${inOne ? ` in ${session.namespace} namespace.` : ''}\n`);
  }
  throwAll(errors);
}

async function printObjects(session: Session, targets: Targets, flags: GetFlags): Promise<void> {
  const ignoreNotFound = flags['ignore-not-found'];
  const print = objectPrinter(session, flags);
  const { found, errors } = await findAll(targets, new ObjectSource(session), { ignoreNotFound });
  const isSingle = 'items' in targets && targets.isSingle;
  const isNothing = found.length === 0 && ignoreNotFound;
  if (isSingle || isNothing) throwAll(errors);
  if (isNothing) return;
  const items = found.map(({ object }) => object);
  print(isSingle ? items[0]! : listOf(items));
  throwAll(errors);
}

function listOf(items: readonly KubernetesObject[]): object {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
}
