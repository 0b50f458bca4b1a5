import { goSyntax, goText, goTypeOf } from './go-value.js';
import { fieldElement, formatPath, itemElement, type PathElement } from './path-element.js';
import {
  fieldShape,
  isObject,
  type JsonObject,
  type ListShape,
  type ObjectShape,
  type Shape,
  shapeOfValue,
} from './shape.js';

/** Why a value cannot be applied as its shape says: each problem with its path, in the words of a real server. */
export function typeProblems(shape: Shape, value: unknown, path: readonly PathElement[] = []): string[] {
  if (value === null) return [];
  const known = shapeOfValue(shape, value);
  switch (known.kind) {
    case 'scalar':
      return at(path, scalarProblem(known.type, value));
    case 'object':
      return isObject(value) ? objectProblems(known, value, path) : at(path, `expected map, got &{${goText(value)}}`);
    default:
      return Array.isArray(value)
        ? listProblems(known, value, path)
        : at(path, `expected list, got &{${goText(value)}}`);
  }
}

function at(path: readonly PathElement[], problem: string | undefined): string[] {
  if (problem === undefined) return [];
  return [path.length === 0 ? problem : `${formatPath(path)}: ${problem}`];
}

function scalarProblem(type: string, value: unknown): string | undefined {
  const found = typeof value;
  switch (type) {
    case 'string':
      return found === 'string' ? undefined : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'numeric':
      return found === 'number' ? undefined : `expected numeric (int or float), got ${goTypeOf(value)}`;
    case 'boolean':
      return found === 'boolean' ? undefined : `expected boolean, got &{${goText(value)}}`;
    default:
      return found === 'object' ? `expected any scalar, got &{${goText(value)}}` : undefined;
  }
}

/** An object with a field that may not be there is not looked into any further. */
function objectProblems(shape: ObjectShape, object: JsonObject, path: readonly PathElement[]): string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    const inner = [...path, fieldElement(name)];
    if (shape.others === undefined && shape.field(name) === undefined) {
      return [...problems, ...at(inner, 'field not declared in schema')];
    }
    problems.push(...typeProblems(fieldShape(shape, name), value, inner));
  }
  return problems;
}

function listProblems(shape: ListShape, list: readonly unknown[], path: readonly PathElement[]): string[] {
  const seen = new Set<PathElement>();
  const problems: string[] = [];
  for (const [index, item] of list.entries()) {
    const element = shape.by === 'place' ? `i:${index}` : itemElement(shape, item);
    if (element === undefined) return [...problems, ...at(path, `element ${index}: ${whyNotApart(shape, item)}`)];
    if (seen.has(element)) problems.push(...at(path, `duplicate entries for key ${formatPath([element])}`));
    seen.add(element);
    problems.push(...typeProblems(shape.item, item, [...path, element]));
  }
  return problems;
}

/** Why an item has nothing to be told apart by. */
function whyNotApart({ by }: ListShape, item: unknown): string {
  if (by === 'value' || by === 'place') {
    if (item === null) return "associative list without keys has an element that's an explicit null";
    return isObject(item)
      ? "associative list without keys has an element that's a map type"
      : 'not supported: associative list with lists as elements';
  }
  if (item === null) return 'associative list with keys may not have a null element';
  if (!isObject(item)) return 'associative list with keys may not have non-map elements';
  const names = by.map(({ name }) => JSON.stringify(name)).join(' ');
  return `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`;
}

/** Several problems as one text. */
export function formatProblems(problems: readonly string[]): string {
  return problems.length === 1
    ? (problems[0] ?? '')
    : ['errors:', ...problems.map((problem) => `  ${problem}`)].join('\n');
}
