export type { RequestHandler } from './node/answer.js';
export { listen, type Listener, type ListenOptions } from './node/listener.js';
