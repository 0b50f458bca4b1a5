import { formatGroupVersion, type KubernetesObject } from '@client-ts/apimachinery';
import { newBadRequest, newStatusError } from '@client-ts/apimachinery/errors';
import { type ApiRequest, headerOf } from './api-request.js';

/** What a real server reads at most. */
const MaxBodyBytes = 3 * 1024 * 1024;
/** Deeper JSON than any object has; JavaScript's own parser would go on until the stack ends. */
const MaxDepth = 10_000;

const ObjectTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** The media type of the body, without parameters. */
export function contentType(request: ApiRequest): string {
  return (headerOf(request, 'content-type').split(';')[0] ?? '').trim().toLowerCase();
}

/** @throws StatusError 413 when it is too big. */
export function bodyText({ body = '' }: ApiRequest): string {
  const size = typeof body === 'string' ? body.length : body.byteLength;
  if (size > MaxBodyBytes) {
    const message = `Request entity too large: limit is ${MaxBodyBytes}`;
    throw newStatusError(413, 'RequestEntityTooLarge', message, {});
  }
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

export interface DecodedBody {
  readonly object: KubernetesObject;
  readonly text: string;
}

/**
 * Decodes the object in a body. Kind and version may be left out.
 *
 * @throws StatusError as a real server answers.
 */
export function decodeObject(
  request: ApiRequest,
  expected: { readonly group: string; readonly version: string; readonly kind: string },
): DecodedBody {
  const type = contentType(request);
  if (type !== '' && type !== 'application/json') throw unsupportedMediaType(ObjectTypes);
  const text = bodyText(request);
  const value = parseJson(text, (problem) =>
    newBadRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): couldn't get version/kind; json parse error: ${problem}`,
    ),
  );
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw newBadRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (${excerpt(text)})`,
    );
  }
  const object = value as KubernetesObject;
  const apiVersion = formatGroupVersion(expected);
  const kind = object.kind || expected.kind;
  const version = object.apiVersion || apiVersion;
  if (kind !== expected.kind || version !== apiVersion) {
    throw newBadRequest(
      `${kind} in version ${JSON.stringify(version)} cannot be handled as a ${expected.kind}: ` +
        `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version)}`,
    );
  }
  return { object: { ...object, kind, apiVersion: version, metadata: { ...object.metadata } }, text };
}

export function unsupportedMediaType(accepted: readonly string[]): Error {
  return newStatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** @throws what `fail` makes of the problem. */
export function parseJson(text: string, fail: (problem: string) => Error): unknown {
  if (exceedsDepth(text)) throw fail(`exceeded max depth`);
  try {
    return JSON.parse(text);
  } catch {
    throw fail(`${jsonProblem(text)} (${excerpt(text)})`);
  }
}

function exceedsDepth(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i);
    if (inString) {
      if (char === 0x5c) i++;
      else if (char === 0x22) inString = false;
    } else if (char === 0x22) inString = true;
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > MaxDepth) return true;
    } else if (char === 0x7d || char === 0x5d) depth--;
  }
  return false;
}

function jsonProblem(text: string): string {
  try {
    JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    if (/end of JSON|unterminated/i.test(message)) return 'unexpected end of JSON input';
    return message;
  }
  return '';
}

function excerpt(text: string): string {
  return text === '' ? '<empty>' : text.slice(0, 1024);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value;
}
