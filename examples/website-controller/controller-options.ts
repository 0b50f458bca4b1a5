import { websites } from './website.js';

/** Holds a Website until its children are gone. */
export const Finalizer = `${websites.group}/children`;

export interface WebsiteControllerOptions {
  /** Ends `run`; what is being reconciled is finished first. */
  readonly signal: AbortSignal;
  /** How many websites are reconciled at the same time. Default: 2. */
  readonly workers?: number;
  /** Told what the controller does and why. */
  readonly log?: (message: string) => void;
  /** Told once, when the caches are full and work begins. */
  readonly onReady?: () => void;
}
