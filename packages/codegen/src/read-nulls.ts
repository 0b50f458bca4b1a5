import type { TypeFacts } from './facts.js';

/** Go types whose values cannot be left out: without a value they are written as null. */
const NullWhenEmpty = /^(?:metav1\.)?(?:Micro)?Time$|^runtime\.RawExtension$/;
/** Go types that are nil without a value, and then written as null unless they are left out. */
const Nilable = /^(?:\*|\[\]|map\[)/;

/**
 * Marks optional fields for which a server writes null, and not nothing, when they have no value. The documents do not tell;
 * the tags in the Go source of the types do, which is as regular as any data format.
 *
 * Required fields stay as they are: the server does not accept an object without them, but for times.
 *
 * @param sourcesOf - gives the Go source of a package, such as `k8s.io/api/core/v1`, file by file.
 */
export function addNulls(
  types: ReadonlyMap<string, TypeFacts>,
  sourcesOf: (goPackage: string) => readonly string[],
): Map<string, TypeFacts> {
  const nulls = new Map<string, ReadonlySet<string>>();
  const packages = new Set([...types.keys()].map((name) => name.slice(0, name.lastIndexOf('.'))));
  for (const name of packages) {
    // `io.k8s.api.core.v1` is `k8s.io/api/core/v1`.
    for (const source of sourcesOf(name.replace(/^io\.k8s\./, 'k8s.io/').replaceAll(/(?<!k8s)\./g, '/'))) {
      for (const [type, fields] of nullsOf(source)) nulls.set(`${name}.${type}`, fields);
    }
  }
  return new Map(
    [...types].map(([name, type]) => {
      const fields = Object.entries(type.fields ?? {}).map(([field, facts]) => {
        const written = nulls.get(name)?.has(field) && (!facts.required || isTime(facts.ref));
        return [field, written ? { ...facts, nullable: true as const } : facts] as const;
      });
      return [name, type.fields ? { ...type, fields: Object.fromEntries(fields) } : type];
    }),
  );
}

/** The JSON names of fields that may be written as null, by struct. */
function nullsOf(goSource: string): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>();
  let struct = '';
  for (const line of goSource.split('\n')) {
    struct = /^type (\w+) struct/.exec(line)?.[1] ?? (line.startsWith('}') ? '' : struct);
    const [, type = '', name = '', options = ''] = /^\t\w+\s+(\S+)\s+`json:"(\w+)([^"]*)"/.exec(line) ?? [];
    const omitted = options.includes('omitzero') || (options.includes('omitempty') && !NullWhenEmpty.test(type));
    if (struct === '' || omitted || !(NullWhenEmpty.test(type) || Nilable.test(type))) continue;
    result.set(struct, (result.get(struct) ?? new Set()).add(name));
  }
  return result;
}

function isTime(ref = ''): boolean {
  return /\.meta\.v1\.(?:Micro)?Time$/.test(ref);
}
