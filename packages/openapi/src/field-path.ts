/** Longer keys are cut in messages. */
const MaxKeyLength = 100;

/** The path of a field, or of a value of a map: `metadata.labels["app.kubernetes.io/name"]`. Control characters are escaped. */
export function fieldPath(parent: string, name: string): string {
  if (/^[\w$-]{1,100}$/.test(name)) return parent === '' ? name : `${parent}.${name}`;
  return `${parent}[${JSON.stringify(name.length > MaxKeyLength ? `${name.slice(0, MaxKeyLength)}…` : name)}]`;
}

/** The path of an element: `spec.containers[0]`. */
export function elementPath(parent: string, index: number): string {
  return `${parent}[${index}]`;
}
