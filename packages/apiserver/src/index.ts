export { ApiServer, type ApiServerOptions } from './api-server.js';
export type { Action, Verb } from './action-log.js';
export type { ApiRequest, ApiResponse } from './api-request.js';
