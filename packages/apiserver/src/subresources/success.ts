import type { ApiResponse } from '../api-request.js';
import { jsonResponse } from '../api-response.js';

/** What an action answers that makes no object. */
export function created(): ApiResponse {
  return jsonResponse(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}
