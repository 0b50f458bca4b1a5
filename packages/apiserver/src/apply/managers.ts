import type { ManagedFieldsEntry } from '@client-ts/apimachinery';
import { formatTime } from '../writes/time-text.js';
import type { FieldSet } from './field-set.js';
import { readFields, writeFields } from './known-fields.js';

/** Who owns fields, how, and seen through which version and subresource. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
}

/** What one manager owns. */
export interface Ownership {
  readonly manager: Manager;
  readonly fields: FieldSet;
  /** RFC 3339 time of the last change that the manager made; absent when it never changed a value. */
  readonly time: string | undefined;
}

/** What makes two requests those of one manager. Appliers are one, whatever version they use; updaters are told apart by it. */
export function managerId({ name, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify({
    manager: name,
    operation,
    ...(operation === 'Apply' ? {} : { apiVersion }),
    ...(subresource === '' ? {} : { subresource }),
  });
}

/**
 * Reads `metadata.managedFields`.
 *
 * @returns `undefined` when any of it is not well formed.
 */
export function parseManagedFields(entries: readonly (ManagedFieldsEntry | null)[]): readonly Ownership[] | undefined {
  try {
    const ownerships = entries.map((entry) => parseEntry(entry ?? {}));
    // Of several entries of one manager the last counts.
    return [...new Map(ownerships.map((ownership) => [managerId(ownership.manager), ownership])).values()];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** @throws SyntaxError */
function parseEntry(entry: ManagedFieldsEntry): Ownership {
  const { manager = '', operation, apiVersion, subresource = '', time, fieldsType, fieldsV1 } = entry;
  if (operation !== 'Apply' && operation !== 'Update') throw new SyntaxError('operation must be `Apply` or `Update`');
  if (!apiVersion || apiVersion.split('/').length > 2) throw new SyntaxError('apiVersion must name a version');
  if (fieldsType !== 'FieldsV1') throw new SyntaxError(`invalid fieldsType ${JSON.stringify(fieldsType)}`);
  return {
    manager: { name: manager, operation, apiVersion, subresource },
    fields: readFields(fieldsV1 ?? {}),
    time: time ? formatTime(Date.parse(time)) : undefined,
  };
}

/** Ownerships as the object carries them: appliers first, in the order of their times. */
export function formatManagedFields(ownerships: readonly Ownership[]): ManagedFieldsEntry[] {
  return ownerships.toSorted(order).map(({ manager, fields, time }) => ({
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: writeFields(fields),
    ...(manager.subresource === '' ? {} : { subresource: manager.subresource }),
  }));
}

function order(a: Ownership, b: Ownership): number {
  return (
    compareText(a.manager.operation, b.manager.operation) ||
    compareText(a.time ?? '', b.time ?? '') ||
    compareText(a.manager.name, b.manager.name) ||
    compareText(a.manager.apiVersion, b.manager.apiVersion) ||
    compareText(a.manager.subresource, b.manager.subresource)
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
