import type { CustomResourceFacts, PrinterColumn } from '../resource-registry.js';
import { type Column, NameColumn } from './column.js';
import { timeSince } from './human-duration.js';
import { jsonPathReader } from './json-path.js';

/** What is shown of a custom resource whose CRD declares no columns. */
const Age: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

/** The name, and the columns that a CRD declares. */
export function customColumns({ printerColumns }: CustomResourceFacts): Column[] {
  const declared = printerColumns.length > 0 ? printerColumns : [Age];
  return [NameColumn, ...declared.map(customColumn)];
}

function customColumn({ name, type, jsonPath, format, description, priority }: PrinterColumn): Column {
  const valueIn = jsonPathReader(jsonPath);
  return {
    name,
    type,
    format,
    description: description ?? `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    priority,
    cell: (object, now) => cellOf(type, valueIn(object), now),
  };
}

/** A value that is not of the column's type is not shown; text shows anything. */
function cellOf(type: string, value: unknown, now: number): unknown {
  if (value === undefined) return null;
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : timeSince(value, now);
    default:
      return null;
  }
}
