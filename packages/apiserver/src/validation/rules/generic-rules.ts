import type { FieldSchema } from '@client-ts/api/schema';
import type { StatusCause } from '@client-ts/apimachinery/errors';
import { unsupported, required } from '../../rules/causes.js';
import type { Fields } from '../json-fields.js';
import type { TypeFacts } from '../type-facts.js';

/** Fields with rules of their own, or whose facts a real server does not enforce. */
const Exempt: ReadonlySet<string> = new Set([
  'apps.v1.DaemonSetUpdateStrategy.type',
  'apps.v1.DeploymentStrategy.type',
  'apps.v1.StatefulSetSpec.podManagementPolicy',
  'apps.v1.StatefulSetUpdateStrategy.type',
  'core.v1.HTTPHeader.value',
  'core.v1.NodeSelectorRequirement.operator',
  'core.v1.Sysctl.value',
  'core.v1.Toleration.effect',
  'core.v1.Toleration.operator',
]);

/** Groups of types that are checked by hand. */
const ExemptTypes = /^(?:apiextensions\.|apimachinery\.)/;

/** The order in which a real server lists the choices, where it is not that of the alphabet. */
const ChoiceOrder: Readonly<Record<string, readonly string[]>> = {
  'batch.v1.JobSpec.completionMode': ['NonIndexed', 'Indexed'],
  'core.v1.Container.terminationMessagePolicy': ['File', 'FallbackToLogsOnError'],
  'core.v1.PodSpec.dnsPolicy': ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'],
  'core.v1.PodSpec.restartPolicy': ['Always', 'OnFailure', 'Never'],
};

/** What the facts alone say: strings that have to be there, and strings of which only some are allowed. */
export function genericProblems({ name, restricted }: TypeFacts, fields: Fields, path: string): StatusCause[] {
  if (ExemptTypes.test(name)) return [];
  const causes: StatusCause[] = [];
  for (const [field, schema] of restricted) {
    const key = `${name}.${field}`;
    const place = path === '' ? field : `${path}.${field}`;
    if (!Exempt.has(key)) causes.push(...fieldProblems(key, schema, fields[field], place));
  }
  return causes;
}

function fieldProblems(key: string, field: FieldSchema, value: unknown, path: string): StatusCause[] {
  if (field.type === 'string' && (value === undefined || value === '')) return field.required ? [required(path)] : [];
  const choices = field.enum ?? field.items?.enum;
  if (!choices) return [];
  const order = ChoiceOrder[key] ?? choices;
  const values = Array.isArray(value) ? value : [value];
  return values
    .filter((item) => item !== undefined && !choices.includes(item as string))
    .map((item) => unsupported(path, item, order));
}
