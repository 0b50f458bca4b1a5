export { type HealthServer, type HealthServerOptions, serveHealth } from './node/health-server.js';
