import type { Preconditions } from '@client-ts/apimachinery';
import { newBadRequest, newInvalid, type StatusCause } from '@client-ts/apimachinery/errors';
import type { ApiRequest } from '../api-request.js';
import { bodyText, jsonType } from '../body.js';
import { decodeTypeMeta, requireJson } from '../decode-object.js';
import { flag, parseInt64 } from '../query.js';
import { invalid, unsupported } from '../rules/causes.js';
import { dryRunProblems } from '../write-options.js';

/** `metav1.DeleteOptions`. */
export interface DeleteOptionsBody {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  /** The old form of `propagationPolicy`. */
  readonly orphanDependents?: boolean | undefined;
  readonly preconditions?: Preconditions | undefined;
  readonly dryRun?: readonly string[] | undefined;
}

const Policies = ['Foreground', 'Background', 'Orphan'];

const FieldTypes: Readonly<Record<keyof DeleteOptionsBody, readonly [json: string, go: string]>> = {
  gracePeriodSeconds: ['number', 'int64'],
  propagationPolicy: ['string', 'v1.DeletionPropagation'],
  orphanDependents: ['bool', 'bool'],
  preconditions: ['object', 'v1.Preconditions'],
  dryRun: ['array', '[]string'],
};

/**
 * Delete options come in the body; without one, in the query.
 *
 * @throws StatusError as a real server answers.
 */
export function deleteOptions(request: ApiRequest): DeleteOptionsBody {
  const text = bodyText(request);
  if (text === '') return valid(fromQuery(request.url.searchParams));
  requireJson(request);
  // Delete options are registered in every group version, so any apiVersion will do.
  const value = decodeTypeMeta(text, newBadRequest);
  if (value.kind && value.kind !== 'DeleteOptions') {
    const version = JSON.stringify(value.apiVersion ?? 'v1');
    throw newBadRequest(`no kind ${JSON.stringify(value.kind)} is registered for version ${version}`);
  }
  return checkedDeleteOptions(value);
}

/** Delete options from JSON. @throws StatusError as a real server answers. */
export function checkedDeleteOptions(value: object): DeleteOptionsBody {
  const options: Record<string, unknown> = {};
  for (const [field, [json, go]] of Object.entries(FieldTypes)) {
    const given = (value as Record<string, unknown>)[field];
    if (given === undefined || given === null) continue;
    if (jsonType(given) !== json) {
      throw newBadRequest(
        `json: cannot unmarshal ${jsonType(given)} into Go struct field DeleteOptions.${field} of type ${go}`,
      );
    }
    options[field] = given;
  }
  return valid(options);
}

function valid(options: DeleteOptionsBody): DeleteOptionsBody {
  const causes = problems(options);
  if (causes.length > 0) throw newInvalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', causes);
  return options;
}

function fromQuery(query: URLSearchParams): DeleteOptionsBody {
  const grace = query.get('gracePeriodSeconds');
  const policy = query.get('propagationPolicy');
  return {
    gracePeriodSeconds: grace === null || grace === '' ? undefined : parseInt64(grace),
    propagationPolicy: policy === null ? undefined : (policy as DeleteOptionsBody['propagationPolicy']),
    orphanDependents: flag(query, 'orphanDependents'),
    dryRun: query.getAll('dryRun'),
  };
}

function problems({ propagationPolicy, orphanDependents, dryRun = [] }: DeleteOptionsBody): StatusCause[] {
  const causes: StatusCause[] = [];
  const field = 'propagationPolicy';
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    causes.push(invalid(field, propagationPolicy, 'orphanDependents and deletionPropagation cannot be both set'));
  }
  if (propagationPolicy !== undefined && !Policies.includes(propagationPolicy)) {
    causes.push(unsupported(field, propagationPolicy, [...Policies, 'nil']));
  }
  return [...causes, ...dryRunProblems(dryRun)];
}
