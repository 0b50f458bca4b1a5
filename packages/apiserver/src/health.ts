import type { Endpoint } from './api-request.js';
import { jsonResponse, textResponse } from './api-response.js';

const Checks = new Set(['/healthz', '/livez', '/readyz']);

const Version = {
  major: '1',
  minor: '37',
  gitVersion: 'v1.37.2',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: '',
};

/** Whether the server is up, and which one it imitates. */
export const healthEndpoint: Endpoint = ({ url }) => {
  if (url.pathname === '/version') return jsonResponse(200, Version);
  return Checks.has(url.pathname) ? textResponse(200, 'text/plain; charset=utf-8', 'ok') : undefined;
};
