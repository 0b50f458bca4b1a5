import type { ListMeta } from '../object.js';

/** One of several causes of a failure, such as one invalid field. */
export interface StatusCause {
  reason?: string;
  message?: string;
  /** Path of the field, such as `spec.containers[0].image`. */
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  /** The resource or kind the failure is about. */
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  /** Seconds after which a retry may succeed. */
  retryAfterSeconds?: number;
}

/**
 * `metav1.Status`: what the API server answers on failure.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export interface Status {
  apiVersion?: string;
  kind?: string;
  metadata?: ListMeta | undefined;
  status?: string;
  message?: string;
  reason?: string;
  details?: StatusDetails;
  /** HTTP status code. */
  code?: number;
}

/** What a server answers where there is no object to answer with: `details` says of what, with its uid. */
export interface SuccessStatus extends Status {
  kind: 'Status';
  status: 'Success';
}
