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

  /** As `fieldsV1`. */
  toJSON(): Record<string, unknown> {
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
    if (this.isEmpty || other.isEmpty) return this;
    return this.#combine(other, (mine, theirs) => mine && !theirs);
  }

  /** This set without everything at or below the paths of another one. */
  without(paths: FieldSet): FieldSet {
    if (this.isEmpty || paths.isEmpty) return this;
    return FieldSet.of(
      [...this.members].filter((element) => !paths.members.has(element)),
      [...this.children]
        .filter(([element]) => !paths.members.has(element))
        .map(([element, set]) => [element, set.without(paths.children.get(element) ?? FieldSet.empty)]),
    );
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
