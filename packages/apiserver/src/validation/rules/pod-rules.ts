import type { StatusCause } from '@client-ts/apimachinery/errors';
import { isDNS1123Label, isDNS1123Subdomain } from '@client-ts/apimachinery/validation';
import { duplicate, forbidden, invalid, invalidFor, notFound, unsupported, required } from '../../rules/causes.js';
import { type Fields, fieldsAt, listAt, textAt } from '../json-fields.js';
import type { Rule } from './rule.js';
import { labelProblems } from './selector-rules.js';

const TaintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const MaxDeadlineSeconds = 2 ** 31 - 1;

/** Rules of pods and of what is in them beside containers, by type. */
export const PodRules: Readonly<Record<string, Rule>> = {
  'core.v1.PodSpec': (spec, path) => [
    ...volumeNameProblems(spec, path),
    ...(listAt(spec, 'containers').length > 0 ? [] : [required(`${path}.containers`)]),
    ...containerNameProblems(spec, path),
    ...mountProblems(spec, path),
    ...deadlineProblems(spec, path),
    ...labelProblems(`${path}.nodeSelector`, fieldsAt(spec, 'nodeSelector')),
    ...nameProblems(spec, path, 'serviceAccountName', isDNS1123Subdomain),
    ...nameProblems(spec, path, 'nodeName', isDNS1123Subdomain),
    ...nameProblems(spec, path, 'hostname', isDNS1123Label),
    ...nameProblems(spec, path, 'subdomain', isDNS1123Label),
  ],
  'core.v1.Toleration': (toleration, path) => [
    ...(!toleration['key'] && toleration['operator'] !== 'Exists'
      ? [
          invalid(
            `${path}.operator`,
            textAt(toleration, 'operator'),
            'operator must be Exists when `key` is empty, which means "match all values and all keys"',
          ),
        ]
      : []),
    ...supported(toleration, path, 'operator', ['Equal', 'Exists']),
    ...supported(toleration, path, 'effect', TaintEffects),
  ],
  'core.v1.Volume': (volume, path) => {
    const sources = Object.keys(volume).filter((field) => field !== 'name');
    return sources.slice(1).map((field) => forbidden(`${path}.${field}`, 'may not specify more than 1 volume type'));
  },
};

function volumeNameProblems(spec: Fields, path: string): StatusCause[] {
  const seen = new Set<string>();
  return listAt(spec, 'volumes').flatMap((volume, i) => {
    const name = textAt(volume, 'name');
    const field = `${path}.volumes[${i}].name`;
    if (name === '') return [];
    if (seen.has(name)) return [duplicate(field, name)];
    seen.add(name);
    return invalidFor(field, name, isDNS1123Label(name));
  });
}

/** Names of containers and of init containers share one space. */
function containerNameProblems(spec: Fields, path: string): StatusCause[] {
  const seen = new Set<string>();
  return ['containers', 'initContainers'].flatMap((list) =>
    listAt(spec, list).flatMap((container, i) => {
      const name = textAt(container, 'name');
      const field = `${path}.${list}[${i}].name`;
      if (name === '') return [];
      if (seen.has(name)) return [duplicate(field, name)];
      seen.add(name);
      return invalidFor(field, name, isDNS1123Label(name));
    }),
  );
}

function mountProblems(spec: Fields, path: string): StatusCause[] {
  const claims = listAt(spec, 'volumes').map((volume) => volume['name']);
  return ['containers', 'initContainers'].flatMap((list) =>
    listAt(spec, list).flatMap((container, i) =>
      listAt(container, 'volumeMounts').flatMap(({ name }, j) =>
        name === undefined || name === '' || claims.includes(name)
          ? []
          : [notFound(`${path}.${list}[${i}].volumeMounts[${j}].name`, name)],
      ),
    ),
  );
}

function deadlineProblems({ activeDeadlineSeconds: seconds }: Fields, path: string): StatusCause[] {
  if (typeof seconds !== 'number' || (seconds >= 1 && seconds <= MaxDeadlineSeconds)) return [];
  return [invalid(`${path}.activeDeadlineSeconds`, seconds, `must be between 1 and ${MaxDeadlineSeconds}, inclusive`)];
}

function nameProblems(fields: Fields, path: string, field: string, rule: (name: string) => string[]): StatusCause[] {
  const name = textAt(fields, field);
  return name === '' ? [] : invalidFor(`${path}.${field}`, name, rule(name));
}

function supported(fields: Fields, path: string, field: string, choices: readonly string[]): StatusCause[] {
  const value = textAt(fields, field);
  return value === '' || choices.includes(value) ? [] : [unsupported(`${path}.${field}`, value, choices)];
}
