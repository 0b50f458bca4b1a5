export { type Fault, FaultInjector, type FaultOptions, type RequestMatcher, watches } from './fault-injector.js';
