import { formatGroupVersion } from '@client-ts/apimachinery';
import { newStatusError } from '@client-ts/apimachinery/errors';
import { type ApiRequest, type ApiResponse, type Endpoint, headerOf } from '../api-request.js';
import { jsonResponse, textResponse } from '../api-response.js';
import { coversJson, parseAccept } from '../media-range.js';
import type { ResourceRegistry } from '../resource-registry.js';
import { aggregatedDiscovery, AggregatedMediaType, isAggregated } from './aggregated-documents.js';
import { apiGroup, apiGroupList, apiResourceList, apiVersions, groupNames } from './legacy-documents.js';

/** Answers what the server serves: `/`, `/api`, `/apis`, and what is below them as far as it names no resource. */
export function discoveryEndpoint(registry: ResourceRegistry): Endpoint {
  return (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
    const path = request.url.pathname.replace(/(?<=.)\/$/, '');
    if (path === '/api' || path === '/apis') return rootDocument(registry, request, path);
    const document = documentAt(registry, path);
    return document && plainDocument(request, document);
  };
}

function rootDocument(registry: ResourceRegistry, request: ApiRequest, root: '/api' | '/apis'): ApiResponse {
  for (const range of parseAccept(headerOf(request, 'accept'))) {
    if (isAggregated(range)) {
      return textResponse(200, AggregatedMediaType, JSON.stringify(aggregatedDiscovery(registry, root)));
    }
    if (coversJson(range) && !range.parameters.has('as')) break;
  }
  return plainDocument(request, root === '/api' ? apiVersions(registry) : apiGroupList(registry));
}

function documentAt(registry: ResourceRegistry, path: string): object | undefined {
  if (path === '/') return { paths: rootPaths(registry) };
  const [, root, ...parts] = path.split('/');
  const [group, version, ...rest] = root === 'api' ? ['', ...parts] : parts;
  if ((root !== 'api' && root !== 'apis') || group === undefined || rest.length > 0) return undefined;
  if (version === undefined) return apiGroup(registry, group);
  return registry.has({ group, version }) ? apiResourceList(registry, { group, version }) : undefined;
}

function plainDocument(request: ApiRequest, document: object): ApiResponse {
  const accepted = parseAccept(headerOf(request, 'accept')).some(
    (range) => coversJson(range) && !range.parameters.has('as'),
  );
  if (accepted) return jsonResponse(200, document);
  throw newStatusError(406, 'NotAcceptable', 'only the following media types are accepted: application/json');
}

function rootPaths(registry: ResourceRegistry): string[] {
  const versions = registry
    .groupVersions()
    .map((groupVersion) => `${groupVersion.group === '' ? '/api' : '/apis'}/${formatGroupVersion(groupVersion)}`);
  const groups = groupNames(registry).map((group) => `/apis/${group}`);
  const others = ['/api', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version'];
  return [...others, ...versions, ...groups].toSorted();
}
