export { portForward, type PortForwardOptions } from './node/port-forward.js';
