import {
  formatGroupVersion,
  type KubernetesObject,
  type ManagedFieldsEntry,
  type ResourceDescriptor,
} from '@client-ts/apimachinery';
import { type FieldSet, parseFieldSet } from './field-set.js';
import { isJsonObject } from './json.js';
import { ManagedFieldsError } from './managed-fields-error.js';
import { ownedPart } from './owned-part.js';

export interface ExtractOptions {
  /** What was applied to a subresource, such as `status`. Default: what was applied to the object itself. */
  readonly subresource?: string | undefined;
}

/**
 * What a field manager has applied to an object, as the configuration to apply next: change it, and apply it again. A field
 * that is taken out is given up. A manager that has applied nothing yet gets what names the object.
 *
 * The configuration is a copy. Values are those of the object, which may be written in another way than they were applied
 * (`1000m` is `1`).
 *
 * @throws ManagedFieldsError when the object does not tell: it has no `managedFields` (informers may drop them), it is not of
 * the descriptor's version, or the manager has applied it in another version.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function extract<T extends KubernetesObject, A>(
  descriptor: ResourceDescriptor<T, A>,
  object: NoInfer<T>,
  fieldManager: string,
  { subresource = '' }: ExtractOptions = {},
): A {
  const { kind } = descriptor;
  const apiVersion = formatGroupVersion(descriptor);
  if ((object.apiVersion ?? apiVersion) !== apiVersion || (object.kind ?? kind) !== kind) {
    throw new ManagedFieldsError(
      `expected an object of ${apiVersion} ${kind}, got ${JSON.stringify(object.apiVersion)} ${JSON.stringify(object.kind)}`,
    );
  }
  const { name, namespace, managedFields } = object.metadata ?? {};
  if (!name) throw new ManagedFieldsError('metadata.name is required: an object that was applied has a name');
  if (!Array.isArray(managedFields)) {
    throw new ManagedFieldsError('metadata.managedFields is missing: without them nobody knows who applied what');
  }
  const entries: readonly (ManagedFieldsEntry | null)[] = managedFields;
  const index = entries.findIndex(
    (entry) =>
      entry?.manager === fieldManager && entry.operation === 'Apply' && (entry.subresource ?? '') === subresource,
  );
  const own = index < 0 ? {} : ownParts(object, entries, index, apiVersion);
  const { managedFields: _, ...metadata } = isJsonObject(own['metadata']) ? own['metadata'] : {};
  return {
    ...own,
    apiVersion,
    kind,
    metadata: { ...metadata, name, ...(namespace !== undefined && { namespace }) },
  } as A;
}

function ownParts(
  object: KubernetesObject,
  managedFields: readonly (ManagedFieldsEntry | null)[],
  index: number,
  apiVersion: string,
): Readonly<Record<string, unknown>> {
  const applied = managedFields[index]?.apiVersion;
  if (applied !== apiVersion) {
    throw new ManagedFieldsError(
      `metadata.managedFields[${index}]: applied as ${JSON.stringify(applied)}; read the object in that version`,
    );
  }
  // Paths of another version may not be those of this object.
  const others = managedFields.flatMap((entry, place) =>
    entry?.apiVersion === apiVersion && place !== index ? [readEntry(entry, place)] : [],
  );
  const part = ownedPart(object, readEntry(managedFields[index]!, index), others);
  return isJsonObject(part) ? part : {};
}

function readEntry({ fieldsType, fieldsV1 }: ManagedFieldsEntry, index: number): FieldSet {
  const place = `metadata.managedFields[${index}]`;
  if (fieldsType !== 'FieldsV1') {
    throw new ManagedFieldsError(`${place}: fields are of type ${JSON.stringify(fieldsType)}, expected "FieldsV1"`);
  }
  return parseFieldSet(fieldsV1, `${place}.fieldsV1`);
}
