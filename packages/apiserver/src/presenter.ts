import { newStatusError } from '@client-ts/apimachinery/errors';
import { textBody } from './api-response.js';
import { fromStorage } from './conversion/conversion.js';
import { coversJson, parseAccept } from './media-range.js';
import { listBody } from './reads/list-body.js';
import type { Listed } from './reads/list-objects.js';
import type { Representation, Representations } from './representation.js';
import type { ServedResource } from './resource-registry.js';
import type { StoredObject } from './stored-object.js';

/** Writes answers in the form that the client accepts. */
export interface Presenter {
  readonly contentType: string;
  object(resource: ServedResource, stored: StoredObject): string;
  list(resource: ServedResource, listed: Listed): AsyncIterable<Uint8Array>;
  /** The object of a watch event. */
  event(resource: ServedResource, stored: StoredObject, first: boolean): string;
}

const Available = 'application/json';

/** @throws StatusError 406 when nothing that the client accepts can be had. */
export function presenterFor(accept: string, representations: Representations, query: URLSearchParams): Presenter {
  // For resources, a real server does not take `application/*` for JSON.
  const ranges = parseAccept(accept).filter((range) => coversJson(range) && range.type !== 'application/*');
  for (const { parameters } of ranges) {
    const as = parameters.get('as');
    if (as === undefined) return asJson;
    const [group, version] = [parameters.get('g') ?? '', parameters.get('v') ?? ''];
    const representation = representations({ as, group, version, query });
    if (representation) return represented(representation);
  }
  if (ranges.length === 0) throw notAcceptable();
  throw newStatusError(406, 'NotAcceptable', `only the following media types are accepted: ${Available}`);
}

export function notAcceptable(): Error {
  return newStatusError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${Available}`, {});
}

const asJson: Presenter = {
  contentType: 'application/json',
  object: (resource, stored) => stored.json(resource),
  list: listBody,
  event: (resource, stored) => stored.json(resource),
};

function represented(representation: Representation): Presenter {
  return {
    contentType: 'application/json',
    object: (resource, stored) => JSON.stringify(representation.object(resource, typed(resource, stored))),
    // Made at once: what cannot be represented has to fail before the answer starts.
    list(resource, { metadata, items }) {
      const objects = items.map((item) => typed(resource, item));
      return textBody(JSON.stringify(representation.list(resource, metadata, objects)));
    },
    event: (resource, stored, first) => JSON.stringify(representation.event(resource, typed(resource, stored), first)),
  };
}

/** The object in the version that was asked for. */
function typed(resource: ServedResource, { object }: StoredObject): StoredObject['object'] {
  return fromStorage(resource, object);
}
