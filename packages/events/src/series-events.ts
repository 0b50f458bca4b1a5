import { type Event, events } from '@client-ts/api/events/v1';
import { microTime } from '@client-ts/apimachinery';
import { isQualifiedName } from '@client-ts/apimachinery/validation';
import type { EventApi } from './event-api.js';
import { fitText } from './fit-text.js';
import { MaxWordBytes } from './said-event.js';
import { SeriesRecording } from './series-recording.js';

/**
 * Events of events.k8s.io/v1, as `tools/events` of client-go records them: equal ones, whatever their notes say, are one object
 * with a series, whose count is written when it begins, every half hour, and when nothing was added for six minutes. Until then, or
 * the end of the broadcaster, there is a timer.
 */
export function seriesEvents(): EventApi<Event> {
  return {
    descriptor: events,
    eventsOf: ({ component, host }) => {
      const [problem] = isQualifiedName(component);
      if (problem !== undefined) throw new TypeError(`component: ${JSON.stringify(component)}: ${problem}`);
      const reportingInstance = fitText(host ? `${component}-${host}` : component, MaxWordBytes);
      return ({ name, namespace, annotations, about, related, type, reason, action, message, at }) => ({
        metadata: { name, namespace, ...(annotations ? { annotations } : {}) },
        eventTime: microTime(at),
        reportingController: component,
        reportingInstance,
        action: action ?? reason,
        reason,
        regarding: about,
        ...(related ? { related } : {}),
        note: message,
        type,
      });
    },
    record: (sink, context) => new SeriesRecording(sink, context),
  };
}
