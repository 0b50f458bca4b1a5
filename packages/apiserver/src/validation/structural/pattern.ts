import { type CharacterSet, wordCharacter } from './character-sets.js';
import { type Assertion, parsePattern, type PatternNode, PatternSyntaxError } from './pattern-syntax.js';

/** One step of the machine that a pattern becomes; `next` and `other` are indexes of instructions. */
type Instruction =
  | { readonly op: 'set'; readonly set: CharacterSet; next: number }
  | { readonly op: 'assertion'; readonly assertion: Assertion; next: number }
  | { readonly op: 'split'; next: number; other: number }
  | { readonly op: 'match' };

/** A pattern that is written out longer than this has no business in a schema. */
const MaxInstructions = 20_000;
const TooLarge = 'error parsing regexp: expression too large';

/** Steps that one match may take: a fraction of a second. */
const MaxSteps = 10_000_000;

/** A value on which a pattern takes too long. */
export class PatternCostError extends Error {
  override readonly name = 'PatternCostError';
}

/**
 * A regular expression of a CRD, which anybody may have written. All ways through it are followed at once, so time grows
 * with the lengths of pattern and text, never exponentially; and it is bounded.
 */
export class Pattern {
  readonly #program: readonly Instruction[];

  /** @throws PatternSyntaxError for text that is no pattern, and for one that is too big. */
  constructor(text: string) {
    this.#program = compile(parsePattern(text));
  }

  /**
   * Whether the pattern matches anywhere in the text.
   *
   * @throws PatternCostError when that takes too long to tell.
   */
  test(text: string): boolean {
    const program = this.#program;
    // In which round an instruction was last reached: each is followed once a round.
    const reached = new Int32Array(program.length).fill(-1);
    let current: number[] = [];
    let steps = 0;
    let previous: number | undefined;
    for (let position = 0; ;) {
      const codePoint = text.codePointAt(position);
      const states: number[] = [];
      // Instruction 0 is where a match begins, which may be anywhere.
      const pending = [...current, 0];
      while (pending.length > 0) {
        const index = pending.pop()!;
        if (reached[index] === position) continue;
        reached[index] = position;
        if (++steps > MaxSteps) throw new PatternCostError(`the pattern takes more than ${MaxSteps} steps`);
        const instruction = program[index]!;
        if (instruction.op === 'match') return true;
        if (instruction.op === 'split') pending.push(instruction.other, instruction.next);
        else if (instruction.op === 'set') states.push(index);
        else if (holds(instruction.assertion, previous, codePoint)) pending.push(instruction.next);
      }
      if (codePoint === undefined) return false;
      current = [];
      for (const index of states) {
        const state = program[index] as Extract<Instruction, { op: 'set' }>;
        if (state.set(codePoint)) current.push(state.next);
      }
      steps += states.length;
      previous = codePoint;
      position += codePoint > 0xffff ? 2 : 1;
    }
  }
}

/** Why a text is no pattern, or one that is too big; `undefined` for a good one. */
export function patternProblem(text: string): string | undefined {
  try {
    compile(parsePattern(text));
    return undefined;
  } catch (error) {
    if (!(error instanceof PatternSyntaxError)) throw error;
    return error.message;
  }
}

function holds(assertion: Assertion, before: number | undefined, after: number | undefined): boolean {
  switch (assertion) {
    case 'begin':
      return before === undefined;
    case 'end':
      return after === undefined;
    case 'line-begin':
      return before === undefined || before === 10;
    case 'line-end':
      return after === undefined || after === 10;
    case 'word-boundary':
      return isWord(before) !== isWord(after);
    case 'no-word-boundary':
      return isWord(before) === isWord(after);
  }
}

function isWord(codePoint: number | undefined): boolean {
  return codePoint !== undefined && wordCharacter(codePoint);
}

function compile(pattern: PatternNode): Instruction[] {
  const program: Instruction[] = [];

  function add(instruction: Instruction): number {
    if (program.length >= MaxInstructions) throw new PatternSyntaxError(TooLarge);
    return program.push(instruction) - 1;
  }

  let appended = 0;

  /** Appends a node; where it ends, the next instruction follows. */
  function append(node: PatternNode): void {
    // What is empty can be repeated without end, too.
    if (++appended > MaxInstructions) throw new PatternSyntaxError(TooLarge);
    switch (node.type) {
      case 'set':
        add({ op: 'set', set: node.set, next: program.length + 1 });
        return;
      case 'assertion':
        add({ op: 'assertion', assertion: node.assertion, next: program.length + 1 });
        return;
      case 'sequence':
        for (const child of node.nodes) append(child);
        return;
      case 'choice':
        appendChoice(node.nodes);
        return;
      case 'repeat':
        appendRepeat(node.node, node.min, node.max);
    }
  }

  function appendChoice(nodes: readonly PatternNode[]): void {
    const ends: { next: number }[] = [];
    nodes.forEach((child, i) => {
      const last = i === nodes.length - 1;
      const split = { op: 'split' as const, next: program.length + 1, other: 0 };
      if (!last) add(split);
      append(child);
      if (last) return;
      ends.push(jump());
      split.other = program.length;
    });
    for (const end of ends) setTarget(end, program.length);
  }

  function appendRepeat(node: PatternNode, min: number, max: number): void {
    for (let i = 0; i < min; i++) append(node);
    if (max === Infinity) {
      const split = { op: 'split' as const, next: program.length + 1, other: 0 };
      const loop = add(split);
      append(node);
      setTarget(jump(), loop);
      split.other = program.length;
      return;
    }
    const exits: { other: number }[] = [];
    for (let i = min; i < max; i++) {
      const split = { op: 'split' as const, next: program.length + 1, other: 0 };
      add(split);
      exits.push(split);
      append(node);
    }
    for (const exit of exits) exit.other = program.length;
  }

  /** A step to elsewhere, set with {@link setTarget}. */
  function jump(): { next: number; other: number } {
    const split = { op: 'split' as const, next: 0, other: 0 };
    add(split);
    return split;
  }

  append(pattern);
  add({ op: 'match' });
  return program;
}

function setTarget(jump: { next: number; other?: number }, target: number): void {
  jump.next = target;
  if (jump.other !== undefined) jump.other = target;
}
