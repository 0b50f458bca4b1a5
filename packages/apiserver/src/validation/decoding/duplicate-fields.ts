const Quote = 0x22;
const Backslash = 0x5c;

/** An object or list that is being read. */
interface Frame {
  /** Keys so far; absent for a list. */
  readonly keys?: Set<string>;
  readonly path: string;
  /** Path of the value that comes next. */
  next: string;
  index: number;
}

/**
 * The paths of fields that stand twice in the same object, such as `spec.containers[0].image`, in the order in which they
 * are found. Each is named once.
 *
 * @param text - valid JSON.
 */
export function duplicateFields(text: string): string[] {
  const found = new Set<string>();
  const frames: Frame[] = [];
  let frame: Frame | undefined;
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case '{':
        frame = { keys: new Set(), path: frame?.next ?? '', next: '', index: 0 };
        frames.push(frame);
        break;
      case '[':
        frame = { path: frame?.next ?? '', next: `${frame?.next ?? ''}[0]`, index: 0 };
        frames.push(frame);
        break;
      case '}':
      case ']':
        frames.pop();
        frame = frames.at(-1);
        break;
      case ',':
        if (frame && !frame.keys) frame.next = `${frame.path}[${++frame.index}]`;
        break;
      case '"': {
        const end = endOfString(text, i);
        if (frame?.keys && isKey(text, end)) {
          const key = JSON.parse(text.slice(i, end)) as string;
          frame.next = frame.path === '' ? key : `${frame.path}.${key}`;
          if (frame.keys.has(key)) found.add(frame.next);
          frame.keys.add(key);
        }
        i = end - 1;
        break;
      }
      default:
    }
  }
  return [...found];
}

/** Index after the closing quote. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text.charCodeAt(i) !== Quote) i += text.charCodeAt(i) === Backslash ? 2 : 1;
  return i + 1;
}

function isKey(text: string, end: number): boolean {
  let i = end;
  while (/\s/.test(text[i] ?? '')) i++;
  return text[i] === ':';
}
