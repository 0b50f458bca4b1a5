import type { KubernetesObject } from '@client-ts/apimachinery';
import { newBadRequest, newStatusError } from '@client-ts/apimachinery/errors';
import type { ApiResponse } from '../api-request.js';
import { textResponse } from '../api-response.js';
import type { Call } from '../call.js';
import { namedObject } from '../verbs/read-verbs.js';

interface Pod extends KubernetesObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly { readonly name: string }[];
    readonly initContainers?: readonly { readonly name: string }[];
    readonly ephemeralContainers?: readonly { readonly name: string }[];
  };
}

/** The log of a container. Nothing runs here, so it is empty. */
export function log(call: Call): ApiResponse {
  const { spec = {}, metadata }: Pod = namedObject(call).object;
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
  const names = [...containers, ...initContainers, ...ephemeralContainers].map(({ name }) => name);
  const container = call.request.url.searchParams.get('container') ?? '';
  if (container === '' && containers.length > 1) {
    const choices = containers.map(({ name }) => name).join(' ');
    throw newBadRequest(`a container name must be specified for pod ${metadata?.name}, choose one of: [${choices}]`);
  }
  if (container !== '' && !names.includes(container)) {
    throw newBadRequest(`container ${container} is not valid for pod ${metadata?.name}`);
  }
  return textResponse(spec.nodeName ? 200 : 204, 'text/plain', '');
}

/** What reaches into a container: `exec`, `attach`, `portforward`. */
export function stream(call: Call): ApiResponse {
  const { spec, metadata }: Pod = namedObject(call).object;
  if (!spec?.nodeName) throw newBadRequest(`pod ${metadata?.name} does not have a host assigned`);
  const what = `${call.path.resource}/${call.path.subresource}`;
  throw newStatusError(501, 'NotImplemented', `the API server in memory has no kubelet: ${what} is not implemented`);
}
