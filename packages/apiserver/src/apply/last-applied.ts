import type { KubernetesObject } from '@client-ts/apimachinery';
import { compareValues } from './comparison.js';
import { FieldSet } from './field-set.js';
import { pathsOf } from './owned-paths.js';
import { isObject, type Shape } from './shape.js';
import { typeProblems } from './type-problems.js';

/** Where `kubectl apply`, without `--server-side`, notes what it applied. */
const LastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The only manager for whom a client-side apply counts as its own. */
const Kubectl = 'kubectl';

const MaxAnnotationBytes = 256 * 1024;

/**
 * The fields that kubectl has applied from its own side, and that still are as it wanted them: applying them on the server
 * is no conflict with whoever owns them now.
 */
export function appliedByClient(manager: string, shape: Shape, live: KubernetesObject): FieldSet {
  const noted = manager === Kubectl ? live.metadata?.annotations?.[LastApplied] : undefined;
  const last = noted ? parsed(noted) : undefined;
  if (!isObject(last) || last['apiVersion'] !== live.apiVersion || typeProblems(shape, last).length > 0) {
    return FieldSet.empty;
  }
  const { added, modified, removed } = compareValues(shape, last, live);
  return pathsOf(shape, last).difference(modified).difference(added).difference(removed);
}

/** Keeps the note in step with what kubectl has applied on the server. */
export function withAppliedNoted<O extends KubernetesObject>(manager: string, object: O, wanted: KubernetesObject): O {
  const { annotations = {} } = object.metadata ?? {};
  if (manager !== Kubectl || !annotations[LastApplied]) return object;
  const { [LastApplied]: _mine, ...own } = wanted.metadata?.annotations ?? {};
  const { annotations: _annotations, ...metadata } = wanted.metadata ?? {};
  const noted = {
    ...wanted,
    metadata: { ...metadata, ...(Object.keys(own).length === 0 ? {} : { annotations: own }) },
  };
  const { [LastApplied]: _before, ...others } = annotations;
  const all = { ...others, [LastApplied]: `${sortedJson(noted)}\n` };
  const bytes = Object.entries(all).reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  return { ...object, metadata: { ...object.metadata, annotations: bytes > MaxAnnotationBytes ? others : all } };
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_name, field: unknown) =>
    isObject(field) ? Object.fromEntries(Object.entries(field).toSorted(([a], [b]) => (a < b ? -1 : 1))) : field,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // then nothing is known of what was applied
  }
}
