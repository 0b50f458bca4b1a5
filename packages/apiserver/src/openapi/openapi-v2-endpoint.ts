import { type ApiSchema, schema as builtInSchema } from '@client-ts/api/schema';
import { type ApiResponse, type Endpoint, headerOf } from '../api-request.js';
import { textResponse } from '../api-response.js';
import { parseAccept } from '../media-range.js';
import type { ResourceRegistry } from '../resource-registry.js';
import { groupVersionDocument } from './group-version-document.js';
import { v2Document } from './v2-document.js';

/** What kubectl asks for; the dot in the answer is a real server's. */
const AcceptedType = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const ContentType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/**
 * Answers `/openapi/v2`, in protobuf only. kubectl reads it where OpenAPI v3 does not help: for the elements of a `List`.
 */
export function openApiV2Endpoint(registry: ResourceRegistry, schema: ApiSchema = builtInSchema): Endpoint {
  let made: { readonly generation: number; readonly document: Uint8Array } | undefined;
  return (request) => {
    if (request.method !== 'GET' || request.url.pathname !== '/openapi/v2') return undefined;
    const accepted = parseAccept(headerOf(request, 'accept')).some(
      ({ type }) => type === AcceptedType || type === '*/*',
    );
    if (!accepted) return textResponse(406, 'text/plain', '');
    if (made?.generation !== registry.generation) {
      made = { generation: registry.generation, document: v2Document(allSchemas(registry, schema)) };
    }
    return bytesResponse(made.document);
  };
}

function allSchemas(registry: ResourceRegistry, schema: ApiSchema): Record<string, unknown> {
  const documents = registry
    .groupVersions()
    .map((groupVersion) => groupVersionDocument(schema, groupVersion, registry.resources(groupVersion)));
  const entries = documents.flatMap(({ components }) =>
    Object.entries((components as { readonly schemas: object }).schemas as Record<string, unknown>),
  );
  return Object.fromEntries(entries);
}

function bytesResponse(bytes: Uint8Array): ApiResponse {
  return { status: 200, headers: { 'content-type': ContentType, vary: 'Accept' }, body: once(bytes) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  // Chunks belong to their reader; the document stays here.
  yield bytes.slice();
}
