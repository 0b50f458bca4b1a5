import type { Event } from '@client-ts/api/events/v1';
import { LruMap, microTime, type Patch, type RequestOptions } from '@client-ts/apimachinery';
import { isAlreadyExists, isNotFound } from '@client-ts/apimachinery/errors';
import type { Recording, RecordingContext } from './event-api.js';
import { EventError } from './event-error.js';
import { EventQueue, MaxQueuedEvents } from './event-queue.js';
import type { EventSink } from './event-sink.js';
import { WriteAgainError, writeEvent } from './event-writer.js';
import { failedWrite } from './failed-write.js';

/** A series ends when nothing was added for this time: and this often it is looked whether one has. */
const FinishMs = 6 * 60_000;
/** How often series that go on are written: less than events live, which is an hour by default. */
const RefreshMs = 30 * 60_000;
/** Between tries, and up to a quarter more. */
const PauseMs = 10_000;
/** How many series, and events that may become one, are known at once. In client-go there is no limit. */
const MaxSeries = 4096;
/** How many are written at a time. */
const Workers = 8;

/** An event, and those equal to it that came after. */
interface Series {
  readonly key: string;
  readonly event: Event;
  /** The event itself included. */
  count: number;
  lastAt: number;
  /** The count that the server knows; 0 before there is anything. */
  written: number;
  /** `again`: something was to be written while it was being written. */
  state: 'idle' | 'queued' | 'writing' | 'again';
  /** The server could not be reached: whatever happens next is a reason to try again. */
  unreachable: boolean;
}

/** Writes each event once, and then what becomes of its series. A series is never written by two at once. */
export class SeriesRecording implements Recording<Event> {
  readonly #sink: EventSink<Event>;
  readonly #context: RecordingContext;
  readonly #series = new LruMap<Series>(MaxSeries);
  readonly #queue: EventQueue<Series>;
  #timer: unknown;
  #refreshedAt = 0;

  constructor(sink: EventSink<Event>, context: RecordingContext) {
    this.#sink = sink;
    this.#context = context;
    this.#queue = new EventQueue({
      workers: Workers,
      handle: (series) => {
        series.state = 'writing';
        return this.#write(series);
      },
      onError: (error) => context.report(new EventError('callback', 'writing an event', error)),
      onOverflow: () =>
        context.report(new EventError('overflow', 'too many events wait to be written: some are dropped')),
    });
  }

  offer(event: Event): void {
    const now = this.#context.clock.now();
    const key = keyOf(event);
    const known = this.#series.get(key);
    if (known) {
      known.count++;
      known.lastAt = now;
      // A series begins with its second event.
      const due = known.count === 2 || known.unreachable;
      if (!due || !this.#demand(known)) this.#context.count('merged');
      return;
    }
    const series: Series = { key, event, count: 1, lastAt: now, written: 0, state: 'idle', unreachable: false };
    if (!this.#demand(series)) {
      this.#context.count('dropped');
      return;
    }
    const evicted = this.#series.set(key, series);
    if (evicted && isBehind(evicted) && !this.#demand(evicted)) this.#context.count('dropped');
    this.#startTimer();
  }

  queued(): number {
    const idle = [...this.#series.values()].filter((series) => series.state === 'idle' && isBehind(series));
    return this.#queue.length + idle.length;
  }

  async flush(): Promise<void> {
    for (const series of [...this.#series.values()].filter(isBehind)) {
      if (this.#queue.length >= MaxQueuedEvents) await this.#queue.idle();
      if (isBehind(series)) this.#demand(series);
    }
    await this.#queue.idle();
  }

  [Symbol.dispose](): void {
    this.#context.timers.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#queue[Symbol.dispose]();
  }

  /** Has it written, as it then is. @returns false when there is no place for it. */
  #demand(series: Series): boolean {
    if (series.state === 'writing') series.state = 'again';
    if (series.state !== 'idle') return true;
    if (!this.#queue.offer(series)) return false;
    series.state = 'queued';
    return true;
  }

  async #write(series: Series): Promise<void> {
    const { timers, closing, count } = this.#context;
    let tried = 0;
    const put = (tries: number, request: RequestOptions): Promise<Event> => {
      tried = series.count;
      return this.#put(series, tries, request);
    };
    const pauseMs = (): number => PauseMs * (1 + 0.25 * timers.random());
    const written = await writeEvent(put, { timers, closing, pauseMs });
    const again = series.state === 'again';
    series.state = 'idle';
    series.unreachable = written.outcome === 'unreachable';
    // What was refused has been said, too: it is not worth saying again before there is more.
    if (written.outcome === 'sent' || written.outcome === 'rejected') series.written = tried;
    if (written.outcome === 'sent') count('sent');
    else failedWrite(this.#context, series.event.reason, series.event.regarding ?? {}, written);
    if (!isBehind(series)) this.#forgetFinished(series);
    else if (again) series.unreachable = !this.#demand(series);
  }

  /** Events do not live for ever: that of a series may be gone. */
  async #put({ event, count, lastAt }: Series, tries: number, request: RequestOptions): Promise<Event> {
    if (count === 1) {
      try {
        return await this.#sink.create(event, request);
      } catch (error) {
        // The answer to an earlier try was lost on its way, and not the event.
        if (tries > 0 && isAlreadyExists(error)) return event;
        throw error;
      }
    }
    const series = { count, lastObservedTime: microTime(lastAt) };
    const patch: Patch = { type: 'strategic', patch: { series } };
    try {
      return await this.#sink.patch({ ...event, series }, patch, request);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    try {
      return await this.#sink.create({ ...event, series }, request);
    } catch (error) {
      // It is there after all, so that it can be patched.
      if (isAlreadyExists(error)) throw new WriteAgainError('the event came while it was made', { cause: error });
      throw error;
    }
  }

  /** Runs while something is known. */
  #startTimer(): void {
    if (this.#timer !== undefined) return;
    const { clock, timers } = this.#context;
    this.#refreshedAt = clock.now();
    const tick = (): void => {
      this.#refresh();
      this.#timer = this.#series.size > 0 ? timers.setTimeout(tick, FinishMs) : undefined;
    };
    this.#timer = timers.setTimeout(tick, FinishMs);
  }

  #refresh(): void {
    const now = this.#context.clock.now();
    const refreshes = now - this.#refreshedAt >= RefreshMs;
    if (refreshes) this.#refreshedAt = now;
    for (const series of this.#series.values()) {
      // What the server knows already would change nothing there.
      if (series.count > 1 && isBehind(series)) {
        if (refreshes || this.#isFinished(series)) this.#demand(series);
      } else this.#forgetFinished(series);
    }
  }

  #forgetFinished(series: Series): void {
    if (this.#isFinished(series)) this.#series.delete(series.key);
  }

  #isFinished({ lastAt }: Series): boolean {
    return this.#context.clock.now() - lastAt > FinishMs;
  }
}

/** Whether there is something that the server has not been told. */
function isBehind({ count, written }: Series): boolean {
  return written < count;
}

/** Unlike in client-go, a change of the object in between does not begin another series. */
function keyOf({ type, action, reason, reportingController, reportingInstance, regarding, related }: Event): string {
  const objects = [regarding, related].map((object) => ({ ...object, resourceVersion: undefined }));
  return JSON.stringify([type, action, reason, reportingController, reportingInstance, ...objects]);
}
