import { type ApiSchema, schema as builtInSchema } from '@client-ts/api/schema';
import { formatGroupVersion, type GroupVersion } from '@client-ts/apimachinery';
import { type Endpoint, headerOf } from '../api-request.js';
import { jsonResponse, textResponse } from '../api-response.js';
import { coversJson, parseAccept } from '../media-range.js';
import type { ResourceRegistry } from '../resource-registry.js';
import { contentHash } from '../content-hash.js';
import { groupVersionDocument } from './group-version-document.js';

const Root = '/openapi/v3';

/**
 * Answers `/openapi/v3` and the documents below it, in JSON.
 *
 * Documents are made when they are asked for, and kept until the registry changes.
 */
export function openApiEndpoint(registry: ResourceRegistry, schema: ApiSchema = builtInSchema): Endpoint {
  let generation: number | undefined;
  let hashes: ReadonlyMap<string, GroupVersion & { readonly hash: string }> = new Map();
  const documents = new Map<string, string>();

  function refresh(): void {
    if (generation === registry.generation) return;
    generation = registry.generation;
    documents.clear();
    hashes = new Map(
      registry.groupVersions().map((groupVersion) => {
        const facts = JSON.stringify([schema.source, registry.resources(groupVersion)]);
        return [pathOf(groupVersion), { ...groupVersion, hash: contentHash(facts) }];
      }),
    );
  }

  function document(path: string, groupVersion: GroupVersion): string {
    const known = documents.get(path);
    if (known !== undefined) return known;
    const made = JSON.stringify(groupVersionDocument(schema, groupVersion, registry.resources(groupVersion)));
    documents.set(path, made);
    return made;
  }

  return (request) => {
    const { pathname, searchParams } = request.url;
    if (request.method !== 'GET' || !pathname.startsWith(Root)) return undefined;
    refresh();
    if (pathname === Root) {
      const paths = [...hashes].map(
        ([path, { hash }]) => [path, { serverRelativeURL: locationOf(path, hash) }] as const,
      );
      return jsonResponse(200, { paths: Object.fromEntries(paths) });
    }
    const path = pathname.slice(Root.length + 1);
    const found = hashes.get(path);
    if (!found) return undefined;
    if (!parseAccept(headerOf(request, 'accept')).some(coversJson)) return textResponse(406, 'text/plain', '');
    const hash = searchParams.get('hash') ?? '';
    if (hash !== '' && hash !== found.hash) {
      return textResponse(301, 'text/plain', '', { location: locationOf(path, found.hash) });
    }
    // A real server lets clients keep a document for good; on ports that come and go, caches would only grow.
    const headers = { etag: JSON.stringify(found.hash), vary: 'Accept', 'cache-control': 'no-cache, private' };
    return textResponse(200, 'application/json', document(path, found), headers);
  };
}

function pathOf(groupVersion: GroupVersion): string {
  return `${groupVersion.group === '' ? 'api' : 'apis'}/${formatGroupVersion(groupVersion)}`;
}

function locationOf(path: string, hash: string): string {
  return `${Root}/${path}?hash=${hash}`;
}
