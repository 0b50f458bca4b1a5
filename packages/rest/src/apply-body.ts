import { stringifyJson } from '@client-ts/apimachinery';

/** What JSON has as it is, and YAML refuses, or takes for the end of a line and makes a space of. */
const NotInYaml = /[\u007f-\u009f\u2028\u2029\ufffe\uffff]/g;

/**
 * An object as JSON that means the same when it is read as YAML 1.1, as API servers read what is applied.
 *
 * Half a surrogate pair stays what it is, and is refused by them.
 *
 * @see https://yaml.org/spec/1.1/#id868524
 */
export function applyBody(object: object): string {
  return stringifyJson(object).replace(
    NotInYaml,
    (character) => String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0'),
  );
}
