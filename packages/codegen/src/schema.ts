import {
  type Facts,
  FactsError,
  type FieldFacts,
  type GroupVersionFacts,
  type TypeFacts,
  type ValueFacts,
} from './facts.js';
import { modulePath, type TypeName, typeName } from './naming.js';

/** A type that is declared in a generated module, or by hand in `@client-ts/apimachinery`. */
export interface DeclaredType extends TypeName {
  readonly facts: TypeFacts;
}

/** Facts, arranged as the generator asks for them. */
export class Schema {
  readonly facts: Facts;
  /** Group versions with resources, by module. */
  readonly groupVersions: ReadonlyMap<string, GroupVersionFacts>;
  readonly #types: ReadonlyMap<string, TypeFacts>;
  readonly #groups: ReadonlyMap<string, string>;
  readonly #elements: ReadonlyMap<string, ElementUse>;

  constructor(facts: Facts) {
    this.facts = facts;
    this.groupVersions = byModule(facts.groupVersions);
    this.#types = new Map(Object.entries(facts.types));
    this.#groups = new Map(
      [...this.#types].flatMap(([name, { groupVersionKind: gvk }]) => (gvk ? [[packageOf(name), gvk.group]] : [])),
    );
    this.#elements = elementUses(this.#types.values());
  }

  /** @throws FactsError when there is no such type. */
  type(schemaName: string): TypeFacts {
    const facts = this.#types.get(schemaName);
    if (!facts) throw new FactsError(`there is no type ${JSON.stringify(schemaName)}`);
    return facts;
  }

  /** The declaration that stands for a type; undefined for values, such as times, which are written out where they are. */
  declared(schemaName: string): DeclaredType | undefined {
    const facts = this.type(schemaName);
    if (facts.type !== 'object' || (facts.preserveUnknown && !facts.fields)) return undefined;
    const name = typeName(schemaName);
    if (!name) throw new FactsError(`type ${JSON.stringify(schemaName)} has fields but belongs to no version`);
    return { ...name, facts };
  }

  /** The declaration of a type that must have one. @throws FactsError when it is a value. */
  declaration(schemaName: string): DeclaredType {
    const declared = this.declared(schemaName);
    if (!declared) throw new FactsError(`type ${JSON.stringify(schemaName)} is not an object`);
    return declared;
  }

  /** The API group of a type, as far as a kind of the same package tells. */
  groupOf(schemaName: string): string | undefined {
    return this.#groups.get(packageOf(schemaName));
  }

  /** Names of all types that can be reached from `roots`, them included. */
  reachable(roots: Iterable<string>): Set<string> {
    const reached = new Set<string>();
    const queue = [...roots];
    for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
      if (reached.has(name)) continue;
      reached.add(name);
      queue.push(...Object.values(this.type(name).fields ?? {}).flatMap(references), ...references(this.type(name)));
    }
    return reached;
  }

  /**
   * Fields without which an element cannot be told from its neighbours: the keys of the lists in which a type is used, but
   * for keys with a default. Empty when the type is used anywhere else too, where the same field is no key.
   */
  requiredKeys(schemaName: string): ReadonlySet<string> {
    const use = this.#elements.get(schemaName);
    if (!use || use.elsewhere) return new Set();
    const fields = this.type(schemaName).fields ?? {};
    return new Set([...use.keys].filter((key) => (fields[key]?.default ?? '') === '' || fields[key]?.required));
  }
}

/** @throws FactsError when two group versions would share a module, or a resource has its type in another. */
function byModule(groupVersions: readonly GroupVersionFacts[]): Map<string, GroupVersionFacts> {
  const modules = new Map<string, GroupVersionFacts>();
  for (const groupVersion of groupVersions) {
    const module = modulePath(groupVersion.group, groupVersion.version);
    if (modules.has(module)) throw new FactsError(`two group versions would be the module ${module}`);
    modules.set(module, groupVersion);
    for (const { name, type } of groupVersion.resources) {
      const at = typeName(type)?.module;
      if (at !== module) throw new FactsError(`the type of ${name} is declared in ${at}, expected ${module}`);
    }
  }
  return modules;
}

/** `io.k8s.api.apps.v1` for `io.k8s.api.apps.v1.Deployment`. */
function packageOf(schemaName: string): string {
  return schemaName.slice(0, schemaName.lastIndexOf('.'));
}

/** The types that a value refers to. */
function references({ ref, items, oneOf = [] }: ValueFacts): string[] {
  return [...(ref === undefined ? [] : [ref]), ...(items ? references(items) : []), ...oneOf.flatMap(references)];
}

interface ElementUse {
  readonly keys: Set<string>;
  elsewhere: boolean;
}

function elementUses(types: Iterable<TypeFacts>): Map<string, ElementUse> {
  const uses = new Map<string, ElementUse>();
  const note = (field: FieldFacts): void => {
    for (const name of references(field)) {
      const use = uses.get(name) ?? { keys: new Set(), elsewhere: false };
      uses.set(name, use);
      if (field.listType === 'map') for (const key of field.listMapKeys ?? []) use.keys.add(key);
      else use.elsewhere = true;
    }
  };
  for (const type of types) Object.values(type.fields ?? {}).forEach(note);
  return uses;
}
