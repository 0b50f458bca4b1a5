import { TransportError } from '@client-ts/rest';

/** Something that a transport has under way, and has to end when it is closed. */
export interface Running {
  /** Nothing new will be asked for. What ends by itself may go on; the rest ends in the best order that there is. */
  leave(): void;
  /** Ends at once. */
  cut(): void;
}

/** What whoever waits for it gets then. */
export function transportClosed(peer: string, answered: boolean): TransportError {
  return new TransportError(answered ? 'truncated' : 'other', `${peer}: the transport was closed`);
}
