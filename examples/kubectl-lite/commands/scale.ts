import { retryOnConflict } from '@client-ts/apimachinery';
import { type ScaleInterface, ScalesGetter } from '@client-ts/scale';
import { command } from '../command.js';
import { dryRunOf, dryRunFlag, withDryRun } from '../dry-run.js';
import { throwAll } from '../failure.js';
import { findAll, ObjectSource } from '../find.js';
import { newPrinter } from '../printing/printer.js';
import { findTargets, targetFlags } from '../targets.js';

type Scale = Awaited<ReturnType<ScaleInterface['get']>>;

export const scale = command({
  usage: '(TYPE NAME… | TYPE/NAME… | -f FILE) --replicas=N [--current-replicas=N] [--resource-version=V]',
  flags: {
    ...targetFlags,
    ...dryRunFlag,
    all: { type: 'bool' },
    replicas: { type: 'int' },
    'current-replicas': { type: 'int', default: -1 },
    'resource-version': { type: 'string' },
    output: { type: 'string', short: 'o' },
  },
  required: ['replicas'],
  async run(session, line) {
    const { flags } = line;
    const { replicas, output } = flags;
    const dryRun = dryRunOf(flags);
    if (replicas < 0) {
      throw new Error('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
    }
    const precondition = { replicas: flags['current-replicas'], resourceVersion: flags['resource-version'] };
    if (precondition.replicas < -1) throw new Error('The --current-replicas must specify an integer of -1 or greater');
    const targets = await findTargets(session, line, flags.all);
    const { found, errors } = await findAll(targets, new ObjectSource(session));
    if (precondition.resourceVersion !== '' && found.length > 1) {
      throw new Error('cannot use --resource-version with multiple resources');
    }
    if (found.length === 0 && errors.length === 0) throw new Error('no objects passed to scale');
    const print = newPrinter(session, { output, operation: withDryRun('scaled', dryRun) });
    const scales = new ScalesGetter(session.config, { mapper: session.mapper });
    for (const { mapping, namespace = '', name, object } of found) {
      const those = scales.scales(namespace);
      const options = { dryRun: dryRun === 'server' };
      const patch = { type: 'merge', patch: { spec: { replicas } } } as const;
      const update = (): Promise<Scale> =>
        retryOnConflict(async () => {
          const current = await those.get(mapping, name);
          checkPrecondition(precondition, current);
          return those.update(mapping, { ...current, spec: { ...current.spec, replicas } }, options);
        });
      const isFree = precondition.replicas === -1 && precondition.resourceVersion === '';
      const changed =
        dryRun === 'client' ? undefined : await (isFree ? those.patch(mapping, name, patch, options) : update());
      print(isBuiltIn(mapping) ? withReplicas(object, changed ? (changed.spec?.replicas ?? 0) : replicas) : object);
    }
    throwAll(errors);
  },
});

function checkPrecondition(
  expected: { readonly replicas: number; readonly resourceVersion: string },
  { metadata, spec }: Scale,
): void {
  const actual = { replicas: spec?.replicas ?? 0, resourceVersion: metadata?.resourceVersion ?? '' };
  if (expected.replicas !== -1 && expected.replicas !== actual.replicas) {
    throw new Error(`Expected replicas to be ${expected.replicas}, was ${actual.replicas}`);
  }
  if (expected.resourceVersion !== '' && expected.resourceVersion !== actual.resourceVersion) {
    throw new Error(`Expected resource version to be ${expected.resourceVersion}, was ${actual.resourceVersion}`);
  }
}

/** Custom resources may have their replicas anywhere. */
function isBuiltIn({ group }: { readonly group: string }): boolean {
  return group === '' || group === 'apps';
}

function withReplicas(object: object, replicas: number): object {
  return { ...object, spec: { ...(object as { spec?: object }).spec, replicas } };
}
