import { isForbidden, isMethodNotSupported, isSuccessStatus } from '@client-ts/apimachinery/errors';
import { command } from '../command.js';
import { type DryRun, dryRunFlag, dryRunOf, withDryRun } from '../dry-run.js';
import { throwAll } from '../failure.js';
import { attemptAll, findAll, ObjectSource, resourceOf } from '../find.js';
import { kindName } from '../printing/printer.js';
import { findTargets, type Target, targetFlags } from '../targets.js';
import { untilGone } from '../until-gone.js';

/** How long "for ever" is, as in kubectl: a week. */
const ForEverMs = 168 * 3_600_000;

const Policies = new Map<string, 'Background' | 'Foreground' | 'Orphan'>([
  ['background', 'Background'],
  ['foreground', 'Foreground'],
  ['orphan', 'Orphan'],
]);

export const deleteCommand = command({
  usage: '(TYPE NAME… | TYPE/NAME… | TYPE -l LABELS | TYPE --all | -f FILE) [--wait=false] [--timeout=T] [--cascade=P]',
  flags: {
    ...targetFlags,
    ...dryRunFlag,
    all: { type: 'bool' },
    'ignore-not-found': { type: 'bool' },
    cascade: { type: 'string', default: 'background', bare: 'background' },
    wait: { type: 'bool', default: true },
    timeout: { type: 'duration' },
    output: { type: 'string', short: 'o' },
  },
  async run(session, line) {
    const { all, output, cascade, selector, ...flags } = line.flags;
    const dryRun = dryRunOf(line.flags);
    const isSelected = selector !== '' || flags['field-selector'] !== '';
    if (all && isSelected) throw new Error("setting 'all' parameter but found a non empty selector. ");
    const propagationPolicy = Policies.get(cascade);
    if (!propagationPolicy) {
      throw new Error(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
    }
    const targets = await findTargets(session, line, all);
    if (output !== '' && output !== 'name') {
      throw new Error(`unexpected -o output mode: ${output}. We only support '-o name'`);
    }
    const options = { propagationPolicy, dryRun: dryRun === 'server' };
    const listed = 'items' in targets ? undefined : await findAll(targets, new ObjectSource(session));
    const doomed = 'items' in targets ? targets.items : listed!.found;
    const ignoreNotFound = line.given.has('ignore-not-found') ? flags['ignore-not-found'] : all || isSelected;
    const deleted: { readonly target: Target; readonly uid: string | undefined }[] = [];
    const work = async (target: Target): Promise<void> => {
      const answer = dryRun === 'client' ? undefined : await resourceOf(session, target).delete(target.name, options);
      session.io.stdout(`${textOf(target, output, dryRun)}\n`);
      deleted.push({ target, uid: isSuccessStatus(answer) ? answer.details?.uid : answer?.metadata?.uid });
    };
    const errors = await attemptAll<Target>(doomed, work, { ignoreNotFound });
    throwAll([...(listed?.errors ?? []), ...errors]);
    if (doomed.length === 0) session.io.stdout('No resources found\n');
    if (!flags.wait || dryRun !== 'none') return;
    const deadline = Date.now() + (flags.timeout || ForEverMs);
    for (const { target, uid } of deleted) {
      try {
        await untilGone(session, target, { uid, timeoutMs: deadline - Date.now() });
      } catch (error) {
        // Who may delete, but not look, need not wait.
        if (!isForbidden(error) && !isMethodNotSupported(error)) throw error;
      }
    }
  },
});

function textOf({ mapping, namespace, name }: Target, output: string, dryRun: DryRun): string {
  const kind = kindName(mapping.group, mapping.kind);
  if (output === 'name') return `${kind}/${name}`;
  const place = namespace === undefined ? 'deleted' : `deleted from ${namespace} namespace`;
  return `${kind} "${name}" ${withDryRun(place, dryRun)}`;
}
