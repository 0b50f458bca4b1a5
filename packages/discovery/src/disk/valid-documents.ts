import type { ApiGroupList, ApiResourceList } from '../legacy-discovery.js';

type Fields = Readonly<Record<string, unknown>>;

/** Whether what was read from a file is what it should be. Anybody may have written it, in part or for another purpose. */
export function isApiGroupList(document: unknown): document is ApiGroupList {
  return isDocument(document, 'APIGroupList') && isListOf(document['groups'], isGroup);
}

export function isApiResourceList(document: unknown, groupVersion: string): document is ApiResourceList {
  return (
    isDocument(document, 'APIResourceList') &&
    document['groupVersion'] === groupVersion &&
    isListOf(document['resources'], isResource)
  );
}

function isDocument(document: unknown, kind: string): document is Fields {
  return isFields(document) && document['kind'] === kind && document['apiVersion'] === 'v1';
}

function isGroup(group: unknown): boolean {
  if (!isFields(group) || typeof group['name'] !== 'string') return false;
  const { versions, preferredVersion } = group;
  return isListOf(versions, isVersion) && (preferredVersion === undefined || isVersion(preferredVersion));
}

function isVersion(version: unknown): boolean {
  return isFields(version) && typeof version['version'] === 'string';
}

function isResource(resource: unknown): boolean {
  if (!isFields(resource) || typeof resource['name'] !== 'string' || typeof resource['kind'] !== 'string') return false;
  const { singularName, namespaced, group, version, verbs, shortNames, categories } = resource;
  return (
    [singularName, group, version].every((value) => value === undefined || typeof value === 'string') &&
    (namespaced === undefined || typeof namespaced === 'boolean') &&
    [verbs, shortNames, categories].every((value) => value === undefined || value === null || isListOf(value, isString))
  );
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
