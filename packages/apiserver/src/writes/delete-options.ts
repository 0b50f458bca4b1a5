import type { Preconditions } from '@client-ts/apimachinery';
import { newInvalid } from '@client-ts/apimachinery/errors';
import { flag, parseInt64 } from '../query.js';

/** `metav1.DeleteOptions`. */
export interface DeleteOptionsBody {
  readonly gracePeriodSeconds?: number | undefined;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground' | undefined;
  /** The old form of `propagationPolicy`. */
  readonly orphanDependents?: boolean | undefined;
  readonly preconditions?: Preconditions | undefined;
  readonly dryRun?: readonly string[] | undefined;
}

const Policies: ReadonlySet<unknown> = new Set(['Orphan', 'Background', 'Foreground']);

/** Delete options come in the body; without one, in the query. */
export function deleteOptions(body: unknown, query: URLSearchParams): DeleteOptionsBody {
  const options: DeleteOptionsBody = (body as DeleteOptionsBody | undefined) ?? fromQuery(query);
  const { propagationPolicy } = options;
  if (propagationPolicy !== undefined && !Policies.has(propagationPolicy)) {
    const message = `Unsupported value: ${JSON.stringify(propagationPolicy)}: supported values: "Foreground", "Background", "Orphan", "nil"`;
    throw newInvalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [
      { reason: 'FieldValueNotSupported', message, field: 'propagationPolicy' },
    ]);
  }
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
