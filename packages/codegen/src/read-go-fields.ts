import type { FieldFacts, TypeFacts } from './facts.js';

/** Go types whose values cannot be left out: without a value they are written as null. */
const NullWhenEmpty = /^(?:metav1\.)?(?:Micro)?Time$|^runtime\.RawExtension$/;
/** Go types that are nil without a value, and then written as null unless they are left out. */
const Nilable = /^(?:\*|\[\]|map\[)/;
/** The tag for validation that lets no update change a field; a new tag says since when. */
const Immutable = /^\t\/\/ \+k8s:(?:(?:alpha|beta)\([^)]*\)=\+k8s:)?immutable$/;

/** What the Go source says about a field, and the documents do not. */
interface GoField {
  readonly mayBeNull: boolean;
  readonly immutable: boolean;
}

/**
 * Adds what the documents do not tell about fields, and the Go source of the types does, which is as regular as any data format:
 *
 * - A server writes null, and not nothing, when the field has no value. Required fields are not marked, but for times: the
 *   server does not accept an object without them.
 * - No update may change the field.
 *
 * @param sourcesOf - gives the Go source of a package, such as `k8s.io/api/core/v1`, file by file.
 */
export function addGoFacts(
  types: ReadonlyMap<string, TypeFacts>,
  sourcesOf: (goPackage: string) => readonly string[],
): Map<string, TypeFacts> {
  const known = new Map<string, ReadonlyMap<string, GoField>>();
  const packages = new Set([...types.keys()].map((name) => name.slice(0, name.lastIndexOf('.'))));
  for (const name of packages) {
    for (const source of sourcesOf(goPackageOf(name))) {
      for (const [type, fields] of structsOf(source)) known.set(`${name}.${type}`, fields);
    }
  }
  return new Map(
    [...types].map(([name, type]) => {
      if (!type.fields) return [name, type];
      const fields = Object.entries(type.fields).map(([field, facts]) => {
        const said = known.get(name)?.get(field);
        return [field, said ? withGoFacts(facts, said) : facts] as const;
      });
      return [name, { ...type, fields: Object.fromEntries(fields) }];
    }),
  );
}

/** The Go package of the types whose names begin like this: `io.k8s.api.core.v1` is `k8s.io/api/core/v1`. */
export function goPackageOf(prefix: string): string {
  return prefix.replace(/^io\.k8s\./, 'k8s.io/').replaceAll(/(?<!k8s)\./g, '/');
}

function withGoFacts(facts: FieldFacts, { mayBeNull, immutable }: GoField): FieldFacts {
  return {
    ...facts,
    ...(mayBeNull && (!facts.required || isTime(facts.ref)) && { nullable: true }),
    ...(immutable && { immutable: true }),
  };
}

/** The fields of each struct, by their names in JSON. */
function structsOf(goSource: string): Map<string, Map<string, GoField>> {
  const structs = new Map<string, Map<string, GoField>>();
  let struct = '';
  let immutable = false;
  for (const line of goSource.split('\n')) {
    struct = /^type (\w+) struct/.exec(line)?.[1] ?? (line.startsWith('}') ? '' : struct);
    immutable ||= Immutable.test(line);
    if (/^\s*\/\//.test(line)) continue;
    const [, type, name, options = ''] = /^\t\w+\s+(\S+)\s+`json:"(\w+)([^"]*)"/.exec(line) ?? [];
    if (struct !== '' && type !== undefined && name !== undefined) {
      const fields = structs.get(struct) ?? new Map<string, GoField>();
      structs.set(struct, fields.set(name, { mayBeNull: mayBeNull(type, options), immutable }));
    }
    immutable = false;
  }
  return structs;
}

function mayBeNull(goType: string, options: string): boolean {
  if (options.includes('omitzero')) return false;
  return NullWhenEmpty.test(goType) || (Nilable.test(goType) && !options.includes('omitempty'));
}

function isTime(ref = ''): boolean {
  return /\.meta\.v1\.(?:Micro)?Time$/.test(ref);
}
