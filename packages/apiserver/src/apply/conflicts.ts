import { newStatusError, type StatusError } from '@client-ts/apimachinery/errors';
import type { FieldSet } from './field-set.js';
import { compareText, type Manager, managerId } from './managers.js';
import { formatPath } from './path-element.js';

/** Fields that a manager owns and somebody else wants to have. */
export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/** 409, in the words of a real server: each field is a cause. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const sorted = conflicts
    .toSorted((a, b) => compareText(managerId(a.manager), managerId(b.manager)))
    .map(({ manager, fields }) => ({ manager: describe(manager), paths: [...fields.paths()].map(formatPath) }));
  const causes = sorted.flatMap(({ manager, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field })),
  );
  const [only] = causes;
  const told =
    causes.length === 1 && only
      ? `1 conflict: ${only.message}: ${only.field}`
      : `${causes.length} conflicts: ${sorted
          .flatMap(({ manager, paths }) => [`conflicts with ${manager}:`, ...paths.map((path) => `- ${path}`)])
          .join('\n')}`;
  return newStatusError(409, 'Conflict', `Apply failed with ${told}`, { causes });
}

function describe({ name, operation, apiVersion, subresource }: Manager): string {
  const through = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${JSON.stringify(name)}${through}${using}`;
}
