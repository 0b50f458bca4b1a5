import { formatGroupResource, type GroupResource } from '@client-ts/apimachinery';
import { newStatusError } from '@client-ts/apimachinery/errors';
import type { Handler } from '../call.js';
import type { Verb } from '../verb.js';
import { get } from '../verbs/read-verbs.js';
import { patch, update } from '../verbs/write-verbs.js';
import { bind } from './binding.js';
import { evict } from './eviction.js';
import { log, stream } from './pod-streams.js';
import { getScale, patchScale, updateScale } from './scale-verbs.js';
import { requestToken } from './service-account-token.js';

type VerbHandlers = Partial<Readonly<Record<Verb, Handler>>>;

/** Subresources that are the object itself, written in another way. */
const Itself: VerbHandlers = { get, update, patch };
const Stream: VerbHandlers = { get: stream, create: stream };

const Subresources: Readonly<Record<string, VerbHandlers>> = {
  approval: Itself,
  attach: Stream,
  binding: { create: bind },
  ephemeralcontainers: Itself,
  eviction: { create: evict },
  exec: Stream,
  finalize: Itself,
  log: { get: log },
  portforward: Stream,
  resize: Itself,
  scale: { get: getScale, update: updateScale, patch: patchScale },
  status: Itself,
  token: { create: requestToken },
};

/** What answers a verb of a subresource that discovery lists. */
export function subresourceHandler(name: string, verb: Verb): Handler {
  return (Object.hasOwn(Subresources, name) && Subresources[name]?.[verb]) || notImplemented;
}

/** Resources that nothing is stored under, and what answers them. */
const Virtual: Readonly<Record<string, VerbHandlers>> = { bindings: { create: bind } };

/** What answers a verb of a resource that is not stored; `undefined` for one that is. */
export function virtualHandler(resource: GroupResource, verb: Verb): Handler | undefined {
  const name = formatGroupResource(resource);
  return Object.hasOwn(Virtual, name) ? Virtual[name]?.[verb] : undefined;
}

/** Discovery lists what a cluster has; this server has no kubelet, and reaches no pod. */
const notImplemented: Handler = ({ resource, subresource }) => {
  const what = `${resource.resource}/${subresource?.name ?? ''}`;
  throw newStatusError(501, 'NotImplemented', `the API server in memory does not implement ${what}`);
};
