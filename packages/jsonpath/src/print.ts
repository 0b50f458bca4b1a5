import { goScalar, isMap } from './go-value.js';
import type { Budget } from './limits.js';
import { go, indentedJson, json, writeValue } from './write-value.js';

/** What was found, one list for each piece of a template. */
type Results = ReadonlyArray<readonly unknown[]>;

/** Of `-o jsonpath`. */
export function printText(results: Results, budget: Budget): string {
  return results.map((values) => values.map((value) => bareOrJson(value, budget)).join(' ')).join('');
}

/** Of `-o jsonpath-as-json`: an array for each piece. */
export function printJson(results: Results, budget: Budget): string {
  return results.map((values) => `${writeValue(values, indentedJson, budget)}\n`).join('');
}

/** Of `-o custom-columns`, where what would command a terminal is escaped. */
export function printCell(results: Results, budget: Budget): string {
  const cells = results.flat().map((value) => writeValue(value, go, budget));
  if (!results[0]?.length) cells.unshift('<none>');
  return cells.join(',').replaceAll('\u001b', '^[').replaceAll('\r', '\\r');
}

function bareOrJson(value: unknown, budget: Budget): string {
  if (Array.isArray(value) || isMap(value)) return writeValue(value, json, budget);
  const text = value === null ? 'null' : goScalar(value);
  budget.spend(text.length);
  return text;
}
