/** One question about speed, and those who are compared. */
export interface Benchmark {
  /** On the command line. */
  readonly name: string;
  /** What is done, in a line. */
  readonly title: string;
  /** What is counted, in the singular. */
  readonly unit: string;
  /** Units in each run: enough that a run takes some tenths of a second. */
  readonly size: number;
  /**
   * Each run takes seconds: three rounds are enough, and the first warms up. Default: five, the least with which two odd ones do not
   * move the median, and one before them to warm up.
   */
  readonly long?: boolean;
  /** Takes minutes, and therefore runs when it is named, and with `--all`. */
  readonly heavy?: boolean;
  /** What it needs and does not find, in a line. Without that it is left out. */
  readonly missing?: () => string | undefined;
  /** Makes what is measured with, outside of the measurement. */
  readonly prepare: (size: number) => Promise<Contest>;
}

export interface Contest extends AsyncDisposable {
  /** The first is what the others are measured against: the least that any code could do, or a peer. */
  readonly contenders: readonly [Contender, ...Contender[]];
}

export interface Contender {
  readonly name: string;
  /** Takes so long that it runs in the first round only, and not to warm up. Default: false. */
  readonly once?: boolean;
  /** Does all the work once. */
  readonly run: () => Outcome | Promise<Outcome>;
}

export interface Spent {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Longest time in which the event loop could do nothing else. */
  readonly stallMs: number;
}

export interface Outcome {
  /** How many units were done: has to be what was asked for. */
  readonly units: number;
  /** What it took, if that was measured elsewhere: by another process that did the work, or around a part of it. */
  readonly spent?: Omit<Spent, 'stallMs'> & Partial<Spent>;
  /** What else is worth a column, by its heading: those of the last run are shown. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** A contest that holds nothing but memory. */
export function contest(...contenders: Contest['contenders']): Contest {
  return { contenders, async [Symbol.asyncDispose]() {} };
}
