import { isStatusError, newInternalError } from '@client-ts/apimachinery/errors';
import type { ApiResponse } from './api-request.js';
import { jsonResponse } from './api-response.js';

/** What `handle` answers; what it throws becomes an answer, too. */
export function answered(handle: () => ApiResponse): ApiResponse {
  try {
    return handle();
  } catch (error) {
    const { code, status } = isStatusError(error) ? error : newInternalError((error as Error).message);
    const { retryAfterSeconds } = status.details ?? {};
    const headers = retryAfterSeconds ? { 'retry-after': String(retryAfterSeconds) } : {};
    return jsonResponse(code, status, headers);
  }
}
