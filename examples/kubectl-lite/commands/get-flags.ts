import type { FlagSpecs, FlagValues } from '../flags.js';
import { kindName, newPrinter, type Printer } from '../printing/printer.js';
import type { TabWriter } from '../printing/tab-writer.js';
import { TablePrinter } from '../printing/table-printer.js';
import type { Session } from '../session.js';
import { type Target, targetFlags } from '../targets.js';

export const getFlags = {
  ...targetFlags,
  'ignore-not-found': { type: 'bool' },
  output: { type: 'string', short: 'o' },
  'show-managed-fields': { type: 'bool' },
  'no-headers': { type: 'bool' },
  'show-labels': { type: 'bool' },
  'label-columns': { type: 'strings', short: 'L' },
  watch: { type: 'bool', short: 'w' },
} as const satisfies FlagSpecs;

export type GetFlags = FlagValues<typeof getFlags>;

/** Whether a table is printed, which the server makes. */
export function isForPeople({ output }: GetFlags): boolean {
  return output === 'wide' || output === '';
}

/** A printer for tables of one kind of objects. */
export function tablePrinter(
  { group, kind, scope }: Target['mapping'],
  flags: GetFlags,
  writer: TabWriter,
  withKind = false,
): TablePrinter {
  const style = {
    wide: flags.output === 'wide',
    noHeaders: flags['no-headers'],
    withNamespace: flags['all-namespaces'] && scope === 'Namespaced',
    kind: withKind ? kindName(group, kind) : '',
    labelColumns: flags['label-columns'],
    showLabels: flags['show-labels'],
  };
  return new TablePrinter(style, writer);
}

/** @throws Error when the flags do not go together. */
export function objectPrinter(session: Session, flags: GetFlags): Printer {
  const { output } = flags;
  if (flags['show-labels']) throw new Error(`--show-labels option cannot be used with ${output} printer`);
  return newPrinter(session, {
    output,
    showManagedFields: flags['show-managed-fields'],
    noHeaders: flags['no-headers'],
  });
}
