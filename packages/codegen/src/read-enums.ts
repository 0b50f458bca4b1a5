import { FactsError, type FieldFacts, type TypeFacts, type ValueFacts } from './facts.js';

/** How the names of the functions begin, and those of the schemas. */
const Prefixes = { k8sio_api: 'io.k8s.api', pkg_apis: 'io.k8s.apiextensions-apiserver.pkg.apis' };

/**
 * Adds the values of enumerations. A kube-apiserver serves them, but the documents that are published with its source
 * leave them out; they are in the generated Go source that the server builds its documents from.
 *
 * That source is as regular as any data format: one function per type, one property or item per level of indentation.
 *
 * @throws FactsError when a type that is in `types` has an enumeration on a field that it does not have.
 */
export function addEnums(types: ReadonlyMap<string, TypeFacts>, goSource: string): Map<string, TypeFacts> {
  const result = new Map(types);
  let name = '';
  let field = '';
  for (const line of goSource.split('\n')) {
    const start = /^func schema_(k8sio_api|pkg_apis)_(\w+)\(/.exec(line);
    if (start) name = `${Prefixes[start[1] as keyof typeof Prefixes]}.${start[2]?.replaceAll('_', '.')}`;
    else if (line.startsWith('func ')) name = '';
    const property = /^\t{5}"([^"]+)": \{$/.exec(line);
    if (property) field = property[1] ?? '';
    const match = /^(\t+)Enum: +\[\]interface\{\}\{(.*)\},$/.exec(line);
    const type = match && result.get(name);
    if (!type) continue;
    const values = JSON.parse(`[${match[2]}]`) as string[];
    const facts = type.fields?.[field];
    if (!facts) throw new FactsError(`enumeration on ${name}.${field}, which the documents do not have`);
    result.set(name, {
      ...type,
      fields: { ...type.fields, [field]: withEnum(facts, values, match[1] !== '\t'.repeat(7)) },
    });
  }
  return result;
}

/** Values of the field itself, or of its elements. */
function withEnum(facts: FieldFacts, values: readonly string[], nested: boolean): FieldFacts {
  if (!nested) return insertEnum(facts, values);
  if (!facts.items) throw new FactsError('enumeration of elements on a field that has none');
  return { ...facts, items: insertEnum(facts.items, values) };
}

/** Keeps `type` first: the order of properties is that of the schema file. */
function insertEnum<T extends ValueFacts>(facts: T, values: readonly string[]): T {
  const { type, ...rest } = facts;
  return { type, enum: [...values].toSorted(), ...rest } as unknown as T;
}
