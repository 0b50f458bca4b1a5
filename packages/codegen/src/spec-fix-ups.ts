import { FactsError, type TypeFacts, type ValueFacts } from './facts.js';

/*
 * What the published documents say wrongly or not at all, by the name of the type. A fix-up that has nothing to fix any more is
 * an error: it would hide what a later release says.
 */

/** Objects without properties that hold any JSON object; the others of that look are structs without fields. */
export const OpenObjects: ReadonlySet<string> = new Set([
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch',
  'io.k8s.apimachinery.pkg.runtime.RawExtension',
]);

const Apiextensions = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1';
const JsonSchemaProps: ValueFacts = { ref: `${Apiextensions}.JSONSchemaProps` };

/** What the documents leave open because they avoid `oneOf`; the names of the types say it. */
export const Choices: ReadonlyMap<string, readonly ValueFacts[]> = new Map([
  [`${Apiextensions}.JSONSchemaPropsOrArray`, [JsonSchemaProps, { type: 'array', items: JsonSchemaProps }]],
  [`${Apiextensions}.JSONSchemaPropsOrBool`, [JsonSchemaProps, { type: 'boolean' }]],
  [`${Apiextensions}.JSONSchemaPropsOrStringArray`, [JsonSchemaProps, { type: 'array', items: { type: 'string' } }]],
]);

/** @throws FactsError when a type that is fixed up is gone, or says by itself what it is. */
export function checkFixUps(types: ReadonlyMap<string, TypeFacts>): void {
  const expected = [
    ...[...OpenObjects].map((name) => [name, 'object'] as const),
    ...[...Choices.keys()].map((name) => [name, 'any'] as const),
  ];
  for (const [name, type] of expected) {
    const facts = types.get(name);
    if (facts?.type !== type || facts.fields) {
      throw new FactsError(`${name}: fixed up as a type without fields, got ${JSON.stringify(facts)}`);
    }
  }
}
