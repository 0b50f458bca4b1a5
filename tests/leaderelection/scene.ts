import { CandidateProcess } from './candidate-process.js';

/** Waits for what processes print. */
export class Scene implements AsyncDisposable {
  readonly all: CandidateProcess[] = [];
  readonly #kubeconfig: string;
  #check: () => void = () => {};

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
  }

  start(identity: string): void {
    this.all.push(new CandidateProcess(identity, this.#kubeconfig, () => this.#check()));
  }

  /** Resolves with what `find` finds. */
  until<T>(find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#check = () => {
        const found = find();
        if (found !== undefined) resolve(found);
        const broken = this.all.find(({ stderr }) => stderr !== '');
        if (broken) reject(new Error(`${broken.identity}: ${broken.stderr}`));
      };
      this.#check();
    });
  }

  /** The one that leads in a term after this one, and has written in it. */
  leaderAfter(term: number): Promise<{ leader: CandidateProcess; term: number; from: number }> {
    return this.until(() => {
      const leader = this.all.find(({ leads }) => leads);
      const now = leader?.terms().at(-1);
      if (!leader || !now || now.term <= term || leader.count('wrote', now.from) < 3) return undefined;
      return { leader, term: now.term, from: now.from };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((each) => each[Symbol.asyncDispose]()));
  }
}
