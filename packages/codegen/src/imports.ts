import { identifier, stringLiteral } from './source-text.js';

/** The imports of one generated module, collected while its declarations are written. */
export class Imports {
  readonly #taken: Set<string>;
  readonly #modules = new Map<string, Map<string, { local: string; typeOnly: boolean }>>();

  /** `declared` are the names that the module declares itself. */
  constructor(declared: Iterable<string>) {
    this.#taken = new Set(declared);
  }

  /** The name under which the module knows a type from elsewhere. */
  type(from: string, name: string): string {
    return this.#use(from, name, true);
  }

  /** The name under which the module knows a value from elsewhere. */
  value(from: string, name: string): string {
    return this.#use(from, name, false);
  }

  /** Import declarations, sorted by module. */
  toString(): string {
    return [...this.#modules]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([from, names]) => {
        const entries = [...names].toSorted(([a], [b]) => (a < b ? -1 : 1));
        const allTypes = entries.every(([, { typeOnly }]) => typeOnly);
        const list = entries.map(([name, { local, typeOnly }]) => {
          const renamed = name === local ? name : `${name} as ${local}`;
          return typeOnly && !allTypes ? `type ${renamed}` : renamed;
        });
        const write = (open: string, separator: string, close: string): string =>
          `import ${allTypes ? 'type ' : ''}{${open}${list.join(separator)}${close}} from ${stringLiteral(from)};\n`;
        const line = write(' ', ', ', ' ');
        return line.length <= 120 ? line : write('\n  ', ',\n  ', ',\n');
      })
      .join('');
  }

  #use(from: string, name: string, typeOnly: boolean): string {
    const names = this.#modules.get(from) ?? new Map<string, { local: string; typeOnly: boolean }>();
    this.#modules.set(from, names);
    const known = names.get(name);
    if (known) {
      known.typeOnly &&= typeOnly;
      return known.local;
    }
    const local = this.#taken.has(name) ? identifier(moduleWords(from) + name) : identifier(name);
    this.#taken.add(local);
    names.set(name, { local, typeOnly });
    return local;
  }
}

/** `../core/v1.js` → `CoreV1` */
function moduleWords(from: string): string {
  const words = from.replace(/\.js$/, '').match(/[a-z0-9]+/gi) ?? [];
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
