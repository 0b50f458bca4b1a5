import { newStatusError } from '@client-ts/apimachinery/errors';
import type { Handler } from '../call.js';
import type { Verb } from '../resource-handler.js';
import { get } from '../verbs/read-verbs.js';
import { patch, update } from '../verbs/write-verbs.js';

type VerbHandlers = Partial<Readonly<Record<Verb, Handler>>>;

/** Subresources that are the object itself, written in another way. */
const Itself: VerbHandlers = { get, update, patch };

const Subresources: Readonly<Record<string, VerbHandlers>> = {
  approval: Itself,
  ephemeralcontainers: Itself,
  finalize: Itself,
  resize: Itself,
  status: Itself,
};

/** What answers a verb of a subresource that discovery lists. */
export function subresourceHandler(name: string, verb: Verb): Handler {
  return (Object.hasOwn(Subresources, name) && Subresources[name]?.[verb]) || notImplemented;
}

/** Discovery lists what a cluster has; this server has no kubelet, and reaches no pod. */
const notImplemented: Handler = ({ resource, subresource }) => {
  const what = `${resource.resource}/${subresource?.name ?? ''}`;
  throw newStatusError(501, 'NotImplemented', `the API server in memory does not implement ${what}`);
};
