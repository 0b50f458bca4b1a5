import { formatGroupResource } from '@client-ts/apimachinery';
import type { ApiResponse } from '../api-request.js';
import { jsonResponse } from '../api-response.js';
import { type Call, objectResponse, warningHeaders } from '../call.js';
import { listQuery } from '../query.js';
import { listObjects } from '../reads/list-objects.js';
import type { ServedResource } from '../resource-registry.js';
import { strategyOf } from '../strategy.js';
import { deleteObject } from '../writes/delete-object.js';
import { type DeleteOptionsBody, deleteOptions } from '../writes/delete-options.js';

const OrphanedPods =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

export function remove(call: Call): ApiResponse {
  const { cluster, request, path, resource } = call;
  const options = deleteOptions(request);
  const dryRun = (options.dryRun ?? []).length > 0;
  const { stored, gone } = deleteObject({ cluster, resource, namespace: path.namespace, dryRun }, path.name, options);
  const warnings = keepsPodsSilently(resource, options) ? [OrphanedPods] : [];
  if (!gone || strategyOf(resource).returnsDeleted) return objectResponse(call, 200, stored, warnings);
  const details = {
    name: path.name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.resource,
    uid: stored.object.metadata?.uid,
  };
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  return jsonResponse(200, status, warningHeaders(warnings));
}

export function deleteCollection({ cluster, request, path, resource, presenter }: Call): ApiResponse {
  const options = deleteOptions(request);
  const dryRun = (options.dryRun ?? []).length > 0;
  const listed = listObjects(cluster, resource, path.namespace, listQuery(request.url.searchParams, false));
  for (const { object } of listed.items) {
    const { namespace = '', name = '' } = object.metadata ?? {};
    deleteObject({ cluster, resource, namespace, dryRun }, name, options);
  }
  // The objects are shown as they were before.
  return { status: 200, headers: { 'content-type': presenter.contentType }, body: presenter.list(resource, listed) };
}

/** Whether a delete leaves pods behind without having been asked to. */
function keepsPodsSilently(
  resource: ServedResource,
  { propagationPolicy, orphanDependents }: DeleteOptionsBody,
): boolean {
  return (
    formatGroupResource(resource) === 'jobs.batch' && propagationPolicy === undefined && orphanDependents === undefined
  );
}
