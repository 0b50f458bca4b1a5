import { type ApiRequest, type ApiResponse, type Endpoint, headerOf } from '../api-request.js';
import { jsonResponse, textResponse } from '../api-response.js';
import type { ResourceRegistry } from '../resource-registry.js';
import { aggregatedDiscovery, AggregatedMediaType, groupVersionPath, wantsAggregated } from './aggregated-documents.js';
import { apiGroup, apiGroupList, apiResourceList, apiVersions, groupNames } from './legacy-documents.js';

/** Answers what the server serves: `/api`, `/apis`, and what is below them as far as it names no resource. */
export function discoveryEndpoint(registry: ResourceRegistry): Endpoint {
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const path = request.url.pathname.replace(/(?<=.)\/$/, '');
    if (path === '/') return jsonResponse(200, { paths: rootPaths(registry) });
    if (path === '/api' || path === '/apis') return rootDocument(registry, request, path);
    const [, root, group, version, ...rest] = path.split('/');
    if (root === 'api' && group !== undefined && version === undefined) return resourceList(registry, '', group);
    if (root !== 'apis' || group === undefined || rest.length > 0) return undefined;
    if (version !== undefined) return resourceList(registry, group, version);
    const document = apiGroup(registry, group);
    return document && jsonResponse(200, document);
  };
}

function rootDocument(registry: ResourceRegistry, request: ApiRequest, root: '/api' | '/apis'): ApiResponse {
  if (wantsAggregated(headerOf(request, 'accept'))) {
    return textResponse(200, AggregatedMediaType, JSON.stringify(aggregatedDiscovery(registry, root)));
  }
  return jsonResponse(200, root === '/api' ? apiVersions(registry) : apiGroupList(registry));
}

function resourceList(registry: ResourceRegistry, group: string, version: string): ApiResponse | undefined {
  if (!registry.has({ group, version })) return undefined;
  return jsonResponse(200, apiResourceList(registry, { group, version }));
}

function rootPaths(registry: ResourceRegistry): string[] {
  const versions = registry.groupVersions().map(({ group, version }) => groupVersionPath(group, version));
  const groups = groupNames(registry).map((group) => `/apis/${group}`);
  return [
    '/api',
    '/apis',
    ...versions,
    ...groups,
    '/healthz',
    '/livez',
    '/openapi/v3',
    '/readyz',
    '/version',
  ].toSorted();
}
