import type { KeyPair } from './key-pair.js';

/** Keeps a certificate from one run of the program to the next. */
export interface CertificateStore {
  /** What was kept last; `undefined` when nothing was. Rejects when there is something that cannot be read. */
  current(): Promise<KeyPair | undefined>;
  /** Keeps this one from now on. Should it reject, the one of before is kept. */
  update(pair: KeyPair): Promise<void>;
}
