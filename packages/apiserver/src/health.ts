import type { Endpoint } from './api-request.js';
import { jsonResponse, textResponse } from './api-response.js';
import { notAllowed } from './call.js';

/** `/healthz` and the like, and single checks below them. */
const Checks = /^\/(?:healthz|livez|readyz)(?:\/(?:ping|log|etcd))?$/;

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
export const healthEndpoint: Endpoint = ({ method, url }) => {
  const path = url.pathname.replace(/\/$/, '');
  if (path === '/version') {
    if (method !== 'GET') throw notAllowed();
    return jsonResponse(200, Version);
  }
  return Checks.test(path) ? textResponse(200, 'text/plain; charset=utf-8', 'ok') : undefined;
};
