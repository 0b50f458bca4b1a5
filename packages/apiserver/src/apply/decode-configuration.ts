import { formatGroupVersion, type GroupVersionKind, parseGroupVersion } from '@client-ts/apimachinery';
import { newBadRequest, newStatusError } from '@client-ts/apimachinery/errors';
import { parseYaml, YamlError } from '@client-ts/serializer/yaml';
import type { ApiRequest } from '../api-request.js';
import { bodyText, jsonType, parseJson } from '../body.js';
import type { Typed } from '../decode-object.js';
import type { WriteContext } from '../writes/write-context.js';
import { strictProblems } from '../validation/built-in-checker.js';
import type { Shape } from './shape.js';
import { surrogateProblem } from './surrogate-escapes.js';
import { formatProblems, typeProblems } from './type-problems.js';

export interface Configuration {
  readonly wanted: Typed;
  /** What a strict decoder refuses: fields that stand there twice. */
  readonly strictErrors: readonly string[];
}

/**
 * Decodes what a client applies, so far as that it is of the right kind and fits its types.
 *
 * @throws StatusError as a real server answers.
 */
export function decodeConfiguration(request: ApiRequest, expected: GroupVersionKind, shape: Shape): Configuration {
  const text = bodyText(request);
  const isJson = text.trimStart().startsWith('{');
  const { apiVersion, kind, ...rest } = decoded(text, isJson);
  const wanted = { ...rest, apiVersion, kind } as Typed;
  if (apiVersion !== formatGroupVersion(expected) || kind !== expected.kind) {
    throw newBadRequest(`invalid object type: ${describeKind(wanted)}`);
  }
  if (Array.isArray(wanted.metadata?.managedFields)) throw newBadRequest('metadata.managedFields must be nil');
  const problems = typeProblems(shape, wanted);
  if (problems.length > 0) {
    throw newStatusError(
      500,
      '',
      `failed to create typed patch object (${describeObject(wanted)}): ${formatProblems(problems)}`,
    );
  }
  return { wanted, strictErrors: isJson ? strictProblems([], text) : [] };
}

/** @throws StatusError 400 when the client wanted to be strict. */
export function requireStrict({ fieldValidation, warnings }: WriteContext, { strictErrors }: Configuration): void {
  if (strictErrors.length === 0 || fieldValidation === 'Ignore') return;
  if (fieldValidation === 'Strict') throw newBadRequest(`error strict decoding patch: ${strictErrors.join(', ')}`);
  warnings.push(...strictErrors);
}

/** JSON is YAML, and what nearly all clients send; its own parser is faster. */
function decoded(text: string, isJson: boolean): Partial<Typed> {
  const failed = (problem: string): Error => newBadRequest(`error decoding patch: ${problem}`);
  const value = (isJson ? jsonOr(text, failed) : yamlOr(text, failed)) ?? {};
  const surrogate = surrogateProblem(text);
  if (surrogate !== undefined) throw failed(`error converting YAML to JSON: ${surrogate}`);
  if (jsonType(value) === 'object') return value;
  const problem = `json: cannot unmarshal ${jsonType(value)} into Go value of type map[string]interface {}`;
  throw failed(`error unmarshaling JSON: while decoding JSON: ${problem}`);
}

function jsonOr(text: string, failed: (problem: string) => Error): unknown {
  return parseJson(text, (problem) => failed(`error converting YAML to JSON: ${problem}`));
}

function yamlOr(text: string, failed: (problem: string) => Error): unknown {
  let value: unknown;
  try {
    value = parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw failed(`error converting YAML to JSON: yaml: ${error.message}`);
  }
  // Through JSON, so that depth is limited.
  return jsonOr(JSON.stringify(value), failed);
}

/** How errors name an object that is applied. */
export function describeObject(object: Typed): string {
  const { namespace, name } = object.metadata ?? {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return `${text(namespace)}/${text(name)}; ${describeKind(object)}`;
}

function describeKind({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): string {
  const [versionText, kindText] = [apiVersion, kind].map((part) => (typeof part === 'string' ? part : ''));
  if ((versionText ?? '').split('/').length > 2) return `/, Kind=${kindText}`;
  const { group, version } = parseGroupVersion(versionText ?? '');
  return `${group}/${version}, Kind=${kindText}`;
}
