import type { Notification } from './event-handler.js';

/** Many notifications, none of which has to exist before it is asked for. Several listeners may share one. */
export interface NotificationBatch<T> {
  readonly length: number;
  /** How many of them are adds of the initial list. */
  readonly initialAdds: number;
  at(index: number): Notification<T>;
}

/** @param initialAdds - how many of them are: of a hundred thousand that would take long to count in one turn. */
export function batchOf<T>(notifications: readonly Notification<T>[], initialAdds: number): NotificationBatch<T> {
  return { length: notifications.length, initialAdds, at: (index) => notifications[index]! };
}

/** What a handler is told that comes late: every object is there. */
export function initialAddsOf<T>(objects: readonly T[]): NotificationBatch<T> {
  const { length } = objects;
  return {
    length,
    initialAdds: length,
    at: (index) => ({ type: 'add', object: objects[index]!, isInInitialList: true }),
  };
}

/** Every object once more, as it is. */
export function resyncOf<T>(objects: readonly T[]): NotificationBatch<T> {
  const at = (index: number): Notification<T> => {
    const object = objects[index]!;
    return { type: 'update', oldObject: object, newObject: object };
  };
  return { length: objects.length, initialAdds: 0, at };
}

export function isInitialAdd<T>(notification: Notification<T>): boolean {
  return notification.type === 'add' && notification.isInInitialList;
}
