/**
 * Sockets and the like that are open: what is being closed is, too, for some turns of the event loop. Timers come and go with the
 * test runner; ours are counted by their clock.
 */
export function openResources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|TLS|Zlib/.test(name))
    .toSorted();
}
