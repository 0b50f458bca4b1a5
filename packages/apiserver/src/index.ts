export { ApiServer, type ApiServerOptions } from './api-server.js';
export type { Action } from './action-log.js';
export type { Verb } from './verb.js';
export type { ApiRequest, ApiResponse } from './api-request.js';
