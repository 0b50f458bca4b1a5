import type { GroupVersionKind } from '@client-ts/apimachinery';
import { type OpenApiSchema, schemaRef } from './component-schema.js';
import { DeleteOptionsType, PatchType, StatusType } from './type-names.js';

/** What a verb looks like over HTTP. */
interface VerbFacts {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** `x-kubernetes-action`. */
  readonly action: string;
  /** What the operation's id begins with, before and after the group version. */
  readonly id: readonly [before: string, after?: string];
  readonly query: readonly string[];
}

const WriteQuery = ['dryRun', 'fieldManager', 'fieldValidation'];
const ListQuery = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];
const DeleteQuery = ['dryRun', 'gracePeriodSeconds', 'propagationPolicy'];

/** By verb of discovery; `watch` is a parameter of `list`. */
const Verbs: ReadonlyMap<string, VerbFacts> = new Map<string, VerbFacts>([
  ['get', { method: 'get', action: 'get', id: ['read'], query: [] }],
  ['list', { method: 'get', action: 'list', id: ['list'], query: ListQuery }],
  ['create', { method: 'post', action: 'post', id: ['create'], query: WriteQuery }],
  ['update', { method: 'put', action: 'put', id: ['replace'], query: WriteQuery }],
  ['patch', { method: 'patch', action: 'patch', id: ['patch'], query: [...WriteQuery, 'force'] }],
  ['delete', { method: 'delete', action: 'delete', id: ['delete'], query: DeleteQuery }],
  [
    'deletecollection',
    {
      method: 'delete',
      action: 'deletecollection',
      id: ['delete', 'Collection'],
      query: [...DeleteQuery, ...ListQuery.filter((name) => name !== 'watch' && name !== 'allowWatchBookmarks')],
    },
  ],
]);

const Booleans: ReadonlySet<string> = new Set(['allowWatchBookmarks', 'force', 'sendInitialEvents', 'watch']);
const Integers: ReadonlySet<string> = new Set(['gracePeriodSeconds', 'limit', 'timeoutSeconds']);

const PatchMediaTypes = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
];

/** What the operations of one path are about. */
export interface OperationTarget {
  readonly gvk: GroupVersionKind;
  /** Parts of the operation ids, such as `AppsV1` and `NamespacedDeploymentScale`. */
  readonly id: readonly [groupVersion: string, rest: string];
  /** Name of the schema of the object; absent where the kind has none. */
  readonly type?: string | undefined;
  /** Name of the schema of its list. */
  readonly listType?: string | undefined;
  readonly custom: boolean;
}

/** The operations for those of the verbs that discovery lists. */
export function operations(verbs: readonly string[], target: OperationTarget): OpenApiSchema {
  const entries = verbs.flatMap((verb) => {
    const facts = Verbs.get(verb);
    return facts ? [[facts.method, operation(verb, facts, target)] as const] : [];
  });
  return Object.fromEntries(entries);
}

function operation(verb: string, { action, id, query }: VerbFacts, target: OperationTarget): OpenApiSchema {
  const { gvk } = target;
  const [before, after = ''] = id;
  const [groupVersion, rest] = target.id;
  return {
    operationId: `${before}${groupVersion}${after}${rest}`,
    parameters: query.map(queryParameter),
    ...requestBody(verb, target),
    responses: {
      [verb === 'create' ? '201' : '200']: { description: 'OK', ...jsonContent(responseType(verb, target)) },
    },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: gvk.group, version: gvk.version, kind: gvk.kind },
  };
}

function requestBody(verb: string, { type, custom }: OperationTarget): { readonly requestBody?: object } {
  switch (verb) {
    case 'create':
    case 'update':
      return { requestBody: { ...jsonContent(type), required: true } };
    case 'patch': {
      // Strategic merge patches need facts that CRDs do not give; kubectl looks here before it sends one.
      const accepted = PatchMediaTypes.filter((mediaType) => !custom || !mediaType.includes('strategic'));
      const content = accepted.map((mediaType) => [mediaType, { schema: schemaRef(PatchType) }] as const);
      return { requestBody: { content: Object.fromEntries(content), required: true } };
    }
    case 'delete':
    case 'deletecollection':
      return { requestBody: jsonContent(DeleteOptionsType) };
    default:
      return {};
  }
}

function responseType(verb: string, { type, listType }: OperationTarget): string | undefined {
  if (verb === 'list') return listType;
  return verb === 'delete' || verb === 'deletecollection' ? StatusType : type;
}

function jsonContent(type: string | undefined): object {
  return { content: { 'application/json': type === undefined ? {} : { schema: schemaRef(type) } } };
}

function queryParameter(name: string): OpenApiSchema {
  const type = Booleans.has(name) ? 'boolean' : Integers.has(name) ? 'integer' : 'string';
  return { name, in: 'query', schema: { type, uniqueItems: true } };
}

/** A part of a path that stands for a name. */
export function pathParameter(name: string): OpenApiSchema {
  return { name, in: 'path', required: true, schema: { type: 'string', uniqueItems: true } };
}
