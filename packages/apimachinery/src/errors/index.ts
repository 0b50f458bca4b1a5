export { isFailureStatus, refuseFailure } from './failure-status.js';
export type { Status, StatusCause, StatusDetails, SuccessStatus } from './status.js';
export { isSuccessStatus } from './success-status.js';
export { isStatusError, StatusError } from './status-error.js';
export {
  hasStatusCause,
  isAlreadyExists,
  isBadRequest,
  isConflict,
  isForbidden,
  isGone,
  isInternalError,
  isInvalid,
  isMethodNotSupported,
  isNotAcceptable,
  isNotFound,
  isRequestEntityTooLarge,
  isResourceExpired,
  isServerTimeout,
  isServiceUnavailable,
  isTimeout,
  isTooLargeResourceVersion,
  isTooManyRequests,
  isUnauthorized,
  isUnsupportedMediaType,
  suggestsClientDelay,
} from './guards.js';
export {
  ModifiedMessage,
  newAlreadyExists,
  newBadRequest,
  newConflict,
  newForbidden,
  newGone,
  newInternalError,
  newInvalid,
  newMethodNotSupported,
  newNotAcceptable,
  newNotFound,
  newRequestEntityTooLarge,
  newResourceExpired,
  newServerTimeout,
  newServiceUnavailable,
  newStatusError,
  newTimeout,
  newTooLargeResourceVersion,
  newTooManyRequests,
  newUnauthorized,
  newUnsupportedMediaType,
} from './constructors.js';
export { genericServerResponse, type GenericServerResponse } from './generic-server-response.js';
export { isUnknownFieldsError, UnknownFieldsError } from './unknown-fields-error.js';
