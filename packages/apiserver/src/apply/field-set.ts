import { compareElements, parseElement, type PathElement } from './path-element.js';
import { isObject } from './shape.js';

/** Marks, in `fieldsV1`, that a path itself is in the set, and not only paths below it. */
const Self = '.';

/**
 * A set of paths in an object, as `fieldsV1` of `managedFields` holds it. Immutable.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ FieldsV1
 */
export class FieldSet {
  static readonly empty: FieldSet = new FieldSet(new Set(), new Map());

  /** Elements whose path ends here. */
  readonly members: ReadonlySet<PathElement>;
  /** Elements that paths go on from; none of the sets is empty. */
  readonly children: ReadonlyMap<PathElement, FieldSet>;

  #json: Readonly<Record<string, unknown>> | undefined;

  private constructor(members: ReadonlySet<PathElement>, children: ReadonlyMap<PathElement, FieldSet>) {
    this.members = members;
    this.children = children;
  }

  static of(members: Iterable<PathElement>, children: Iterable<readonly [PathElement, FieldSet]> = []): FieldSet {
    const all = new Set(members);
    const below = new Map([...children].filter(([, set]) => !set.isEmpty));
    return all.size === 0 && below.size === 0 ? FieldSet.empty : new FieldSet(all, below);
  }

  /** The set of one path; empty for the path of the whole object, which nobody owns. */
  static path(path: readonly PathElement[]): FieldSet {
    const [first, ...rest] = path;
    if (first === undefined) return FieldSet.empty;
    return rest.length === 0 ? FieldSet.of([first]) : FieldSet.of([], [[first, FieldSet.path(rest)]]);
  }

  /**
   * Reads `fieldsV1`.
   *
   * @throws SyntaxError when it is not well formed.
   */
  static parse(fields: unknown): FieldSet {
    if (!isObject(fields)) throw new SyntaxError(`fieldsV1: expected an object, got ${JSON.stringify(fields)}`);
    const members: PathElement[] = [];
    const children: [PathElement, FieldSet][] = [];
    for (const [text, below] of Object.entries(fields)) {
      const element = text === Self ? undefined : parseElement(text);
      if (element === undefined) continue;
      const set = FieldSet.parse(below);
      if (set.isEmpty || Object.hasOwn(below as object, Self)) members.push(element);
      children.push([element, set]);
    }
    return FieldSet.of(members, children);
  }

  get isEmpty(): boolean {
    return this.members.size === 0 && this.children.size === 0;
  }

  has(path: readonly PathElement[]): boolean {
    const [first, ...rest] = path;
    if (first === undefined) return false;
    return rest.length === 0 ? this.members.has(first) : (this.children.get(first)?.has(rest) ?? false);
  }

  /** As `fieldsV1`; the same object each time, which nobody may change. */
  toJSON(): Readonly<Record<string, unknown>> {
    return (this.#json ??= this.#toJSON());
  }

  #toJSON(): Record<string, unknown> {
    const elements = [...new Set([...this.members, ...this.children.keys()])].toSorted(compareElements);
    return Object.fromEntries(
      elements.map((element) => {
        const below = this.children.get(element)?.toJSON() ?? {};
        const both = this.members.has(element) && this.children.has(element);
        return [element, both ? { [Self]: {}, ...below } : below];
      }),
    );
  }

  union(other: FieldSet): FieldSet {
    if (other.isEmpty) return this;
    return this.isEmpty ? other : this.#combine(other, (mine, theirs) => mine || theirs);
  }

  intersection(other: FieldSet): FieldSet {
    if (this.isEmpty || other.isEmpty) return FieldSet.empty;
    return this.#combine(other, (mine, theirs) => mine && theirs);
  }

  /** This set without the paths of another one; what is below those stays. */
  difference(other: FieldSet): FieldSet {
    return this.#less(other, (element, below) => {
      const theirs = other.children.get(element);
      return theirs ? below.difference(theirs) : below;
    });
  }

  /** This set without everything at or below the paths of another one. */
  without(paths: FieldSet): FieldSet {
    return this.#less(paths, (element, below) => {
      if (paths.members.has(element)) return FieldSet.empty;
      const theirs = paths.children.get(element);
      return theirs ? below.without(theirs) : below;
    });
  }

  /** This set without the members of another one, and with something of its children; itself where nothing changes. */
  #less(other: FieldSet, below: (element: PathElement, set: FieldSet) => FieldSet): FieldSet {
    if (this.isEmpty || other.isEmpty) return this;
    const members = [...this.members].filter((element) => !other.members.has(element));
    const children = [...this.children].map(([element, set]) => [element, below(element, set)] as const);
    const isSame =
      members.length === this.members.size && children.every(([element, set]) => set === this.children.get(element));
    return isSame ? this : FieldSet.of(members, children);
  }

  /** All paths: at each level first those that end there, then those that go on. */
  *paths(prefix: readonly PathElement[] = []): Generator<readonly PathElement[]> {
    for (const element of [...this.members].toSorted(compareElements)) yield [...prefix, element];
    for (const element of [...this.children.keys()].toSorted(compareElements)) {
      yield* this.children.get(element)?.paths([...prefix, element]) ?? [];
    }
  }

  #combine(other: FieldSet, keep: (mine: boolean, theirs: boolean) => boolean): FieldSet {
    const members = [...new Set([...this.members, ...other.members])].filter((element) =>
      keep(this.members.has(element), other.members.has(element)),
    );
    const elements = new Set([...this.children.keys(), ...other.children.keys()]);
    const children = [...elements].map((element): [PathElement, FieldSet] => {
      const [mine, theirs] = [this.children.get(element), other.children.get(element)];
      return [element, (mine ?? FieldSet.empty).#combine(theirs ?? FieldSet.empty, keep)];
    });
    return FieldSet.of(members, children);
  }
}
