import type { FlagSpecs, FlagValues } from '../flags.js';
import { kindName, newPrinter, type Printer } from '../printing/printer.js';
import type { TabWriter } from '../printing/tab-writer.js';
import { TablePrinter } from '../printing/table-printer.js';
import type { Session } from '../session.js';
import type { TableSourceOptions } from '../table-source.js';
import { type Target, targetFlags } from '../targets.js';

export const getFlags = {
  ...targetFlags,
  'chunk-size': { type: 'int', default: 500 },
  subresource: { type: 'string' },
  'ignore-not-found': { type: 'bool' },
  'sort-by': { type: 'string' },
  output: { type: 'string', short: 'o' },
  template: { type: 'string' },
  'allow-missing-template-keys': { type: 'bool', default: true },
  'show-managed-fields': { type: 'bool' },
  'no-headers': { type: 'bool' },
  'show-kind': { type: 'bool' },
  'show-labels': { type: 'bool' },
  'label-columns': { type: 'strings', short: 'L' },
  watch: { type: 'bool', short: 'w' },
  'watch-only': { type: 'bool' },
  'output-watch-events': { type: 'bool' },
} as const satisfies FlagSpecs;

export type GetFlags = FlagValues<typeof getFlags>;

/** @throws Error that says which flags do not go together. */
export function checkGetFlags(flags: GetFlags): void {
  const { output } = flags;
  if (flags['show-labels'] && !isForPeople(flags)) {
    throw new Error(`--show-labels option cannot be used with ${output} printer`);
  }
  if (flags['label-columns'].length > 0 && output.startsWith('custom-columns')) {
    throw new Error(`--label-columns option cannot be used with ${output} printer`);
  }
  if (flags['output-watch-events'] && !flags.watch && !flags['watch-only']) {
    throw new Error('--output-watch-events option can only be used with --watch or --watch-only');
  }
}

/** Whether a table is printed, which the server makes. */
export function isForPeople({ output, template }: GetFlags): boolean {
  return output === 'wide' || (output === '' && template === '');
}

/** What is asked of each list: what has to be sorted is asked for at once. */
export function sourceOptions(flags: GetFlags): TableSourceOptions {
  const sortBy = flags['sort-by'];
  return { limit: sortBy === '' ? flags['chunk-size'] : 0, subresource: flags.subresource || undefined, sortBy };
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
    kind: withKind || flags['show-kind'] ? kindName(group, kind) : '',
    labelColumns: flags['label-columns'],
    showLabels: flags['show-labels'],
  };
  return new TablePrinter(style, writer);
}

export function objectPrinter(session: Session, flags: GetFlags): Printer {
  return newPrinter(session, {
    output: flags.output,
    template: flags.template,
    allowMissingKeys: flags['allow-missing-template-keys'],
    showManagedFields: flags['show-managed-fields'],
    noHeaders: flags['no-headers'],
  });
}
