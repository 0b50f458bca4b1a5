/** Sockets and the like that are open. Timers come and go with the test runner; ours are counted by their clock. */
export async function openResources(): Promise<string[]> {
  // What is being closed takes a few turns to be gone.
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|TLS|Zlib/.test(name))
    .toSorted();
}
