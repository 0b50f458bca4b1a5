import { formatGroupVersion, type GroupVersionKind, type KubernetesObject } from '@client-ts/apimachinery';
import { newBadRequest, newInvalid } from '@client-ts/apimachinery/errors';
import type { ApiRequest } from './api-request.js';
import { bodyText, contentType, jsonType, parseJson, unsupportedMediaType } from './body.js';
import { metadataTypeProblem } from './metadata-types.js';
import type { ResourceRegistry, ServedResource } from './resource-registry.js';

/** What a real server says it reads; only the first is read here. */
const ObjectTypes = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/** This many bytes of a body that could not be read are shown to the client. */
const ExcerptLength = 30;

export interface DecodedObject {
  readonly object: Typed;
  readonly text: string;
}

/** An object with kind and version. Nothing is known of its other fields. */
export interface Typed extends KubernetesObject {
  readonly kind: string;
  readonly apiVersion: string;
}

/** What a body is expected to hold. */
export type Expected = GroupVersionKind & Pick<ServedResource, 'custom'>;

/**
 * Decodes the object in a body, so far as that its kind and the types of its metadata are right.
 *
 * Kind and version may be left out where the server knows the type; custom resources have to say what they are.
 *
 * @throws StatusError as a real server answers.
 */
export function decodeObject(request: ApiRequest, expected: Expected, registry: ResourceRegistry): DecodedObject {
  requireJson(request);
  const text = bodyText(request);
  const unrecognized = (problem: string): Error =>
    newBadRequest(
      `the object provided is unrecognized (must be of type ${expected.kind}): ${problem} (${excerpt(text)})`,
    );
  const { kind, apiVersion, ...rest } = decodeTypeMeta(text, unrecognized);
  if (expected.custom && !kind) throw unrecognized(`Object 'Kind' is missing in '${text}'`);
  const object: Typed = {
    ...rest,
    kind: kind || expected.kind,
    apiVersion: apiVersion || (expected.custom ? '' : formatGroupVersion(expected)),
  };
  const problem = expected.custom ? undefined : kindProblem(object, expected, registry);
  if (problem !== undefined) throw wrongType(object, expected, problem);
  const metadataProblem = metadataTypeProblem(object.metadata, expected.custom ? undefined : expected.kind);
  if (metadataProblem !== undefined) throw wrongType(object, expected, metadataProblem);
  if (expected.custom) requireCustomKind(object, expected);
  return { object, text };
}

/** @throws StatusError 415 for a body in another form. */
export function requireJson(request: ApiRequest): void {
  const type = contentType(request);
  if (type !== '' && type !== 'application/json') throw unsupportedMediaType(ObjectTypes);
}

/** JSON with the right types for kind and version. @throws what `fail` makes of the problem. */
export function decodeTypeMeta(text: string, fail: (problem: string) => Error): KubernetesObject {
  const failed = (problem: string): Error => fail(`couldn't get version/kind; json parse error: ${problem}`);
  // To Go, JSON's null is an object without fields.
  const value = parseJson(text, failed) ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw failed(
      `json: cannot unmarshal ${jsonType(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  const { kind, apiVersion } = value as { kind?: unknown; apiVersion?: unknown };
  for (const [field, given] of Object.entries({ kind, apiVersion })) {
    if (given === undefined || given === null || typeof given === 'string') continue;
    throw failed(`json: cannot unmarshal ${jsonType(given)} into Go struct field .${field} of type string`);
  }
  if (typeof apiVersion === 'string' && apiVersion.split('/').length > 2) {
    throw fail(`unexpected GroupVersion string: ${apiVersion}`);
  }
  return value;
}

/** Why an object of one kind cannot be taken for another. */
export function kindProblem(
  { kind, apiVersion }: Pick<Typed, 'kind' | 'apiVersion'>,
  expected: GroupVersionKind,
  registry: ResourceRegistry,
): string | undefined {
  if (kind === expected.kind && apiVersion === formatGroupVersion(expected)) return undefined;
  const known = registry
    .groupVersions()
    .filter((groupVersion) => formatGroupVersion(groupVersion) === apiVersion)
    .some((groupVersion) => registry.resources(groupVersion).some((resource) => resource.kind === kind));
  if (!known) return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`;
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const goPackage = expected.group === '' ? 'core' : expected.group.split('.')[0];
  return `converting (${version}.${kind}) to (${goPackage}.${expected.kind}): unknown conversion`;
}

/** The answer to an object that is of another type than expected, or does not fit its type. */
export function wrongType({ kind, apiVersion }: Typed, expected: Expected, problem: string): Error {
  const version = JSON.stringify(apiVersion.slice(apiVersion.indexOf('/') + 1));
  return newBadRequest(`${kind} in version ${version} cannot be handled as a ${expected.kind}: ${problem}`);
}

function requireCustomKind({ kind, apiVersion, metadata }: Typed, expected: Expected): void {
  const wanted = formatGroupVersion(expected);
  if (apiVersion !== wanted) {
    throw newBadRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${wanted})`,
    );
  }
  if (kind === expected.kind) return;
  const message = `Invalid value: ${JSON.stringify(kind)}: must be ${expected.kind}`;
  throw newInvalid({ group: expected.group, kind }, metadata?.name ?? '', [
    { reason: 'FieldValueInvalid', message, field: 'kind' },
  ]);
}

/** The start of a body: as text where it looks like an object, else in hexadecimal digits. */
function excerpt(text: string): string {
  if (text === '') return '<empty>';
  const bytes = new TextEncoder().encode(text.slice(0, ExcerptLength + 1));
  const start = bytes.slice(0, ExcerptLength);
  const shown = text.startsWith('{')
    ? new TextDecoder().decode(start)
    : Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return bytes.length > ExcerptLength ? `${shown} ...` : shown;
}
