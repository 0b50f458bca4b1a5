import {
  formatGroupVersion,
  type GroupVersion,
  type GroupVersionKind,
  type RequestOptions,
} from '@client-ts/apimachinery';
import { isStatusError } from '@client-ts/apimachinery/errors';
import { type Config, restClientFor } from '@client-ts/rest';
import { DocumentCache } from './document-cache.js';
import { groupVersionPath, parseGroupVersionPath } from './group-version-path.js';
import { OpenApiDocument } from './open-api-document.js';
import { OpenApiError } from './open-api-error.js';
import { isRaw, objectIn, stringIn } from './raw-schema.js';
import type { Schema } from './schema.js';
import { shownName } from './shown-name.js';

const V2 = '/openapi/v2';
const V3 = '/openapi/v3';

/** All of Kubernetes in one document is 3 MB; a thousand large CRDs in one group are some 30. */
const DefaultMaxBytes = 64 * 1024 * 1024;

export interface OpenApiClientOptions {
  /** The most that is read of a document, in bytes; default 64 MiB. */
  readonly maxBytes?: number | undefined;
}

type Options = Pick<RequestOptions, 'signal'>;

/**
 * Fetches a server's OpenAPI documents, and keeps them in memory for as long as the server says that they are the same.
 *
 * Every call asks for the index of documents, some kilobytes, which has the hash of each: a document is fetched when that is new.
 * The document of OpenAPI v2 is confirmed by an empty answer (`ETag`). Calls at the same time share a request. To check many
 * objects, keep the document or schema.
 *
 * Calls reject with an {@link OpenApiError}, with a `StatusError` when the server refuses, with a `TransportError` when there is
 * no answer, and with `signal.reason` when aborted. Each request may take 32 seconds. Failures are not kept.
 */
export class OpenApiClient {
  readonly #index: DocumentCache<ReadonlyMap<string, string>>;
  readonly #documents: DocumentCache<OpenApiDocument>;
  readonly #v2: DocumentCache<OpenApiDocument>;

  constructor(config: Config, { maxBytes = DefaultMaxBytes }: OpenApiClientOptions = {}) {
    const client = restClientFor(config);
    const basePath = basePathOf(config.host);
    this.#index = new DocumentCache(client, maxBytes, (document) => readIndex(document, basePath));
    this.#documents = new DocumentCache(client, maxBytes, readDocument);
    this.#v2 = new DocumentCache(client, maxBytes, readDocument);
  }

  /**
   * The documents of OpenAPI v3 that the server has: where each is, below the server's base path, by its name, such as
   * `apis/apps/v1`. There are some that are of no group version: `version`.
   */
  async paths(options: Options = {}): Promise<ReadonlyMap<string, string>> {
    const paths = await this.#index.get(V3, V3, options);
    this.#documents.keepOnly(new Set(paths.keys()));
    return paths;
  }

  /** The group versions that have a document of OpenAPI v3, sorted by group and version. */
  async groupVersions(options: Options = {}): Promise<readonly GroupVersion[]> {
    const paths = [...(await this.paths(options)).keys()].toSorted();
    return paths.flatMap((path) => parseGroupVersionPath(path) ?? []);
  }

  /**
   * The document of a group version, or of a name in the index ({@link paths}).
   *
   * Rejects with an `OpenApiError` (`notFound`) when the server has none.
   */
  async document(which: GroupVersion | string, options: Options = {}): Promise<OpenApiDocument> {
    try {
      return await this.#document(which, options);
    } catch (error) {
      // Changed since the index was read: the server sends to where the new one is.
      if (!isStatusError(error) || error.code !== 301) throw error;
      return this.#document(which, options);
    }
  }

  /** The schema of a kind, from the document of its group version. Rejects as {@link document} does, and when it has no such kind. */
  async schema(kind: GroupVersionKind, options: Options = {}): Promise<Schema> {
    return (await this.document(kind, options)).schema(kind);
  }

  /** The document of OpenAPI v2, in which all schemas are: 3 MB. For servers and purposes that have no other. */
  documentV2(options: Options = {}): Promise<OpenApiDocument> {
    return this.#v2.get(V2, V2, options);
  }

  async #document(which: GroupVersion | string, options: Options): Promise<OpenApiDocument> {
    const path = typeof which === 'string' ? which : groupVersionPath(which);
    const location = (await this.paths(options)).get(path);
    if (location === undefined) {
      const what = shownName(typeof which === 'string' ? which : formatGroupVersion(which));
      throw new OpenApiError('notFound', `the server has no OpenAPI document for ${what}`);
    }
    return this.#documents.get(path, location, options);
  }
}

function readDocument(document: unknown, name: string): OpenApiDocument {
  try {
    return new OpenApiDocument(document);
  } catch (error) {
    if (!(error instanceof OpenApiError)) throw error;
    throw new OpenApiError(error.reason, `${shownName(name)}: ${error.message}`, { cause: error });
  }
}

function readIndex(document: unknown, basePath: string): ReadonlyMap<string, string> {
  const paths = isRaw(document) ? objectIn(document, 'paths') : undefined;
  if (!paths) throw new OpenApiError('malformed', `${V3}: expected an object with paths`);
  return new Map(
    Object.entries(paths).map(([name, entry]) => {
      const url = isRaw(entry) ? stringIn(entry, 'serverRelativeURL') : undefined;
      if (url === undefined || !/^\/[^/\\]/.test(url)) {
        throw new OpenApiError('malformed', `${V3}: paths[${JSON.stringify(name)}].serverRelativeURL is no path`);
      }
      return [name, belowBase(url, basePath)];
    }),
  );
}

/**
 * A server that does not know of the proxy before it names its own paths; one that does, those of the proxy. As in client-go, the
 * usual root tells which.
 */
function belowBase(url: string, basePath: string): string {
  return !url.startsWith(`${V3}/`) && url.startsWith(`${basePath}/`) ? url.slice(basePath.length) : url;
}

/** Without the slash at the end. Whether the host is a URL the client of `rest` has checked. */
function basePathOf(host: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(host) ? new URL(host).pathname.replace(/\/$/, '') : '';
}
