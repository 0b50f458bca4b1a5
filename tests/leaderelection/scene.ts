import { ProcessGroup } from '../processes/process-group.js';
import { CandidateProcess } from './candidate-process.js';

/** Candidates of one election. */
export class Scene extends ProcessGroup<CandidateProcess> {
  readonly #kubeconfig: string;

  constructor(kubeconfig: string) {
    super();
    this.#kubeconfig = kubeconfig;
  }

  start(identity: string): void {
    this.add(new CandidateProcess(identity, this.#kubeconfig, this.check));
  }

  /** The one that leads in a term after this one, and has written in it. */
  leaderAfter(term: number): Promise<{ leader: CandidateProcess; term: number; from: number }> {
    return this.until(`a leader after term ${term}`, () => {
      const leader = this.all.find(({ leads }) => leads);
      const now = leader?.terms().at(-1);
      if (!leader || !now || now.term <= term || leader.count('wrote', now.from) < 3) return undefined;
      return { leader, term: now.term, from: now.from };
    });
  }
}
