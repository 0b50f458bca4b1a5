/** The place of an object in an indexer: a small number, used again once the object has gone. */
export type Slot = number;

/** What has one value: the ends of the list of its postings. */
interface Entry {
  readonly value: string;
  /** By which its postings name it. */
  readonly id: number;
  first: number;
  last: number;
}

/** Of no posting. */
const None = -1;

/** A posting says that a slot has a value. It is a row of so many numbers. */
const Width = 5;
const EntryAt = 0;
const SlotAt = 1;
/** Those of the same value. */
const NextAt = 2;
const PreviousAt = 3;
/** That of the slot's next value. */
const SiblingAt = 4;

/**
 * Which slots have which values. Postings are linked lists in one array of numbers, outside the heap: 24 bytes for each, which
 * the collector of garbage never looks at, where a `Set` for each value takes as much as 200. All but {@link values} costs what
 * is read or changed, and nothing else.
 */
export class IndexPostings {
  readonly #entries = new Map<string, Entry>();
  readonly #byId: (Entry | undefined)[] = [];
  readonly #freeIds: number[] = [];
  #rows = new Int32Array(0);
  #used = 0;
  /** A list of the postings that can be used again, linked as siblings. */
  #free = None;
  /** The first posting of each slot. */
  #firsts = new Int32Array(0);

  /** The values that some slot has, in the order in which they came. */
  values(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** The slots that have a value, in the order in which they got it. */
  slotsOf(value: string): readonly Slot[] {
    const slots: Slot[] = [];
    const rows = this.#rows;
    const { first = None } = this.#entries.get(value) ?? {};
    for (let at = first; at !== None; at = rows[at + NextAt]!) slots.push(rows[at + SlotAt]!);
    return slots;
  }

  /** From here on the slot has these values, and no others; one that comes twice counts once. */
  set(slot: Slot, values: readonly string[]): void {
    const distinct = values.length > 1 ? [...new Set(values)] : values;
    if (this.#hasJust(slot, distinct)) return;
    this.delete(slot);
    for (const value of distinct) this.#add(slot, value);
  }

  /** The slot has no value. */
  delete(slot: Slot): void {
    for (let at = this.#firstOf(slot); at !== None; at = this.#remove(at));
    if (slot < this.#firsts.length) this.#firsts[slot] = None;
  }

  /** As most objects that change. */
  #hasJust(slot: Slot, values: readonly string[]): boolean {
    let count = 0;
    for (let at = this.#firstOf(slot); at !== None; at = this.#rows[at + SiblingAt]!) count++;
    return count === values.length && values.every((value) => this.#hasValue(slot, value));
  }

  #hasValue(slot: Slot, value: string): boolean {
    for (let at = this.#firstOf(slot); at !== None; at = this.#rows[at + SiblingAt]!)
      if (this.#entryAt(at).value === value) return true;
    return false;
  }

  #firstOf(slot: Slot): number {
    return slot < this.#firsts.length ? this.#firsts[slot]! : None;
  }

  #entryAt(posting: number): Entry {
    return this.#byId[this.#rows[posting + EntryAt]!]!;
  }

  #add(slot: Slot, value: string): void {
    const entry = this.#entries.get(value) ?? this.#newEntry(value);
    const at = this.#allocate();
    const rows = this.#rows;
    rows[at + EntryAt] = entry.id;
    rows[at + SlotAt] = slot;
    rows[at + NextAt] = None;
    rows[at + PreviousAt] = entry.last;
    rows[at + SiblingAt] = this.#firstOf(slot);
    if (entry.last === None) entry.first = at;
    else rows[entry.last + NextAt] = at;
    entry.last = at;
    if (slot >= this.#firsts.length) this.#firsts = grown(this.#firsts, slot + 1);
    this.#firsts[slot] = at;
  }

  /** Returns the posting of the slot's next value. */
  #remove(at: number): number {
    const rows = this.#rows;
    const [next, previous, sibling] = [rows[at + NextAt]!, rows[at + PreviousAt]!, rows[at + SiblingAt]!];
    const entry = this.#entryAt(at);
    if (next === None) entry.last = previous;
    else rows[next + PreviousAt] = previous;
    if (previous === None) entry.first = next;
    else rows[previous + NextAt] = next;
    if (entry.first === None) this.#forget(entry);
    rows[at + SiblingAt] = this.#free;
    this.#free = at;
    return sibling;
  }

  #allocate(): number {
    const at = this.#free;
    if (at !== None) {
      this.#free = this.#rows[at + SiblingAt]!;
      return at;
    }
    const end = this.#used + Width;
    if (end > this.#rows.length) this.#rows = grown(this.#rows, end);
    this.#used = end;
    return end - Width;
  }

  #newEntry(value: string): Entry {
    const entry: Entry = { value, id: this.#freeIds.pop() ?? this.#byId.length, first: None, last: None };
    this.#entries.set(value, entry);
    this.#byId[entry.id] = entry;
    return entry;
  }

  #forget({ value, id }: Entry): void {
    this.#entries.delete(value);
    this.#byId[id] = undefined;
    this.#freeIds.push(id);
  }
}

/** With room for half as many more, so that growing costs little for each. */
function grown(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.ceil(length * 1.5) + 64).fill(None, numbers.length);
  larger.set(numbers);
  return larger;
}
