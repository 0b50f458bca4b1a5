import { newInvalid, type StatusCause } from '@client-ts/apimachinery/errors';
import { flag } from './query.js';
import { forbidden, required, tooLong, unsupported } from './rules/causes.js';

/** What every write can be asked in its query. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** Empty when the client did not say. */
  readonly fieldManager: string;
  /** Of an apply: take over what others own. */
  readonly force: boolean;
}

const MaxFieldManagerBytes = 128;
const FieldValidations: readonly string[] = ['', 'Ignore', 'Strict', 'Warn'];

/**
 * Reads and checks the options of a write.
 *
 * @param kind - `CreateOptions`, `UpdateOptions` or `PatchOptions`: names them in errors.
 * @throws StatusError 422 as a real server answers.
 */
export function writeOptions(
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  query: URLSearchParams,
  apply = false,
): WriteOptions {
  const dryRun = query.getAll('dryRun');
  const fieldValidation = query.get('fieldValidation') ?? '';
  const fieldManager = query.get('fieldManager') ?? '';
  const force = flag(query, 'force');
  const causes: StatusCause[] = [];
  if (kind === 'PatchOptions') {
    if (apply && fieldManager === '') {
      causes.push(required('fieldManager', 'is required for apply patch'));
    }
    if (!apply && force !== undefined) {
      causes.push(forbidden('force', 'may not be specified for non-apply patch'));
    }
  }
  causes.push(...fieldManagerProblems(fieldManager), ...dryRunProblems(dryRun));
  if (!FieldValidations.includes(fieldValidation)) {
    causes.push(unsupported('fieldValidation', fieldValidation, FieldValidations));
  }
  if (causes.length > 0) throw newInvalid({ group: 'meta.k8s.io', kind }, '', causes);
  return {
    dryRun: dryRun.length > 0,
    fieldValidation: (fieldValidation || 'Warn') as WriteOptions['fieldValidation'],
    fieldManager,
    force: force ?? false,
  };
}

export function dryRunProblems(dryRun: readonly string[]): StatusCause[] {
  return dryRun.every((stage) => stage === 'All') ? [] : [unsupported('dryRun', dryRun, ['All'])];
}

function fieldManagerProblems(fieldManager: string): StatusCause[] {
  const field = 'fieldManager';
  if (new TextEncoder().encode(fieldManager).length > MaxFieldManagerBytes) {
    return [tooLong(field, MaxFieldManagerBytes)];
  }
  const at = fieldManager.search(/[^\P{C}]/u);
  if (at < 0) return [];
  const code = (fieldManager.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  const problem = `invalid character U+${code} (at position ${at})`;
  return [
    { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(fieldManager)}: ${problem}`, field },
  ];
}
