import { ScalesGetter } from '@client-ts/scale';
import { command } from '../command.js';
import { dryRunOf, dryRunFlag, withDryRun } from '../dry-run.js';
import { throwAll } from '../failure.js';
import { findAll, ObjectSource } from '../find.js';
import { newPrinter } from '../printing/printer.js';
import { findTargets, targetFlags } from '../targets.js';

export const scale = command({
  usage: '(TYPE NAME… | TYPE/NAME… | TYPE -l LABELS | TYPE --all | -f FILE) --replicas=N',
  flags: {
    ...targetFlags,
    ...dryRunFlag,
    all: { type: 'bool' },
    replicas: { type: 'int' },
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
    const targets = await findTargets(session, line, flags.all);
    const { found, errors } = await findAll(targets, new ObjectSource(session));
    if (found.length === 0 && errors.length === 0) throw new Error('no objects passed to scale');
    const print = newPrinter(session, { output, operation: withDryRun('scaled', dryRun) });
    const scales = new ScalesGetter(session.config, { mapper: session.mapper });
    const patch = { type: 'merge', patch: { spec: { replicas } } } as const;
    for (const { mapping, namespace = '', name, object } of found) {
      if (dryRun !== 'client')
        await scales.scales(namespace).patch(mapping, name, patch, { dryRun: dryRun === 'server' });
      print(isBuiltIn(mapping) ? withReplicas(object, replicas) : object);
    }
    throwAll(errors);
  },
});

/** Custom resources may have their replicas anywhere. */
function isBuiltIn({ group }: { readonly group: string }): boolean {
  return group === '' || group === 'apps';
}

function withReplicas(object: object, replicas: number): object {
  return { ...object, spec: { ...(object as { spec?: object }).spec, replicas } };
}
