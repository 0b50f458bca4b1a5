export { listen, type Listener, type ListenOptions } from './node/listener.js';
