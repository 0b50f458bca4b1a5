export { ApiServer, type ApiServerOptions, type WaitOptions } from './api-server.js';
export type { Action } from './action.js';
export type { Interceptor } from './interceptors.js';
export type { Verb } from './verb.js';
export type { ApiRequest, ApiResponse } from './api-request.js';
