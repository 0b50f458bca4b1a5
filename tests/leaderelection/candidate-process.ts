import path from 'node:path';
import { EventProcess } from '../processes/event-process.js';
import type { CandidateEvent } from './candidate-event.js';

const Program = path.join(import.meta.dirname, 'candidate.ts');

/** When somebody was in office; nothing is done at times between `from` and `to` of others. */
export interface Term {
  readonly identity: string;
  readonly term: number;
  readonly from: number;
  readonly to: number;
}

/** A candidate that runs as a process of its own. */
export class CandidateProcess extends EventProcess<CandidateEvent> {
  constructor(identity: string, kubeconfig: string, changed: () => void) {
    super(Program, identity, [kubeconfig], changed);
  }

  get leads(): boolean {
    return this.terms().at(-1)?.to === Infinity;
  }

  /** Its terms, each until it was halted, or knew that it was over. */
  terms(): Term[] {
    const { identity, events } = this;
    return events
      .filter(({ event }) => event === 'leading')
      .map(({ at: from, term = NaN }) => {
        const ended = events.find((other) => other.event === 'ended' && other.term === term)?.at ?? Infinity;
        return { identity, term, from, to: Math.min(ended, this.haltAfter(from)) };
      });
  }

  count(event: CandidateEvent['event'], since = 0): number {
    return this.events.filter((each) => each.event === event && each.at >= since).length;
  }
}
