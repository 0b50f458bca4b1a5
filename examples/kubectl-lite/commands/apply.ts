import type { Unstructured } from '@client-ts/apimachinery';
import { isConflict } from '@client-ts/apimachinery/errors';
import { command } from '../command.js';
import { dryRunFlag, dryRunOf, withDryRun } from '../dry-run.js';
import { throwAll } from '../failure.js';
import { attemptAll, resourceOf } from '../find.js';
import { newPrinter } from '../printing/printer.js';
import { readManifests } from '../manifests.js';

export const apply = command({
  usage: '--server-side -f FILE [--force-conflicts] [--field-manager=NAME] [--dry-run=server]',
  flags: {
    ...dryRunFlag,
    filename: { type: 'strings', short: 'f' },
    'server-side': { type: 'bool' },
    'force-conflicts': { type: 'bool' },
    // kubectl's: what the one has applied, the other may change.
    'field-manager': { type: 'string', default: 'kubectl' },
    output: { type: 'string', short: 'o' },
  },
  async run(session, { args, flags }) {
    if (args.length > 0) throw new Error(`Unexpected args: [${args.join(' ')}]`);
    const dryRun = dryRunOf(flags);
    if (!flags['server-side']) throw new Error('there is no apply but --server-side');
    if (dryRun === 'client') {
      throw new Error("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
    }
    if (flags.filename.length === 0) throw new Error('must specify one of -f and -k');
    const targets = await readManifests(session, flags.filename);
    if (targets.length === 0) throw new Error('no objects passed to apply');
    const { output } = flags;
    const print = newPrinter(session, { output, operation: withDryRun('serverside-applied', dryRun) });
    const applied: Unstructured[] = [];
    const errors = await attemptAll(targets, async ({ object, ...target }) => {
      const options = {
        fieldManager: flags['field-manager'],
        force: flags['force-conflicts'],
        dryRun: dryRun === 'server',
        fieldValidation: 'Strict',
      } as const;
      const result = await resourceOf(session, target)
        .apply(object as Unstructured, options)
        .catch((error: unknown) => {
          throw isConflict(error) ? new Error(conflictText(error), { cause: error }) : error;
        });
      if (result.metadata?.deletionTimestamp) {
        const { name } = result.metadata;
        session.io.stderr(`Warning: Detected changes to resource ${name} which is currently being deleted.\n`);
      }
      if (isWhole(output)) applied.push(result);
      else print(result);
    });
    throwAll(errors);
    const [first, ...others] = applied;
    if (first) print(others.length > 0 ? { apiVersion: 'v1', kind: 'List', metadata: {}, items: applied } : first);
  },
});

/** Whether objects are printed together, at the end. */
function isWhole(output: string): boolean {
  return output !== '' && output !== 'name';
}

function conflictText({ message }: Error): string {
  return `${message}
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;
}
