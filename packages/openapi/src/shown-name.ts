const MaxLength = 200;

/** A name of a document in messages: as it is where that is harmless, and quoted, escaped and cut where it is not. */
export function shownName(name: string): string {
  if (/^[\w./$-]{1,200}$/.test(name)) return name;
  return JSON.stringify(name.length > MaxLength ? `${name.slice(0, MaxLength)}…` : name);
}
