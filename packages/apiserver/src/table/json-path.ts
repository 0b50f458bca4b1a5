/** From the values found so far to those that one part of the path leads to. */
type Step = (values: readonly unknown[]) => readonly unknown[];

/** What a part of a path looks like, and what it does. Tried in order, each at the place where the last one ended. */
const Parts: readonly (readonly [pattern: RegExp, step: (match: RegExpExecArray) => Step | undefined])[] = [
  [/\.\*|\[\*\]/y, () => elements],
  [/\.((?:\\.|[^.[\]\\'"\s{}()])+)/y, ([, name = '']) => field(name.replaceAll(/\\(.)/g, '$1'))],
  [/\['([^'\]]*)'\]/y, ([, name = '']) => field(name)],
  [/\["([^"\]]*)"\]/y, ([, name = '']) => field(name)],
  [/\[(-?\d+)\]/y, ([, index = '']) => element(Number(index))],
  [/\[(-?\d*):(-?\d*)\]/y, ([, from = '', to = '']) => slice(from, to)],
  [/\[\?\(([^"'()]*(?:"[^"]*"|'[^']*')?\s*)\)\]/y, ([, condition = '']) => filter(condition)],
];

/** `@.type=="Ready"`: a path, and what its value is compared with. */
const Condition = /^\s*@?(\.[^!<>=]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.*?))?\s*$/;

/**
 * The first value at a path such as `.status.conditions[?(@.type=="Ready")].status`, or `undefined` when there is none or
 * when the path is none. The part of client-go's JSONPath that columns of CRDs use.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
export function jsonPathValue(root: unknown, path: string): unknown {
  return parse(path)?.reduce((values, step) => step(values), [root] as readonly unknown[])[0];
}

function parse(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let position = /^[$@]/.test(path) ? 1 : 0;
  if (path.slice(position) === '.') return steps;
  while (position < path.length) {
    const part = firstPart(path, position);
    if (!part) return undefined;
    steps.push(part.step);
    position = part.end;
  }
  return steps;
}

function firstPart(path: string, position: number): { readonly step: Step; readonly end: number } | undefined {
  for (const [pattern, make] of Parts) {
    pattern.lastIndex = position;
    const match = pattern.exec(path);
    const step = match && make(match);
    if (step) return { step, end: position + match[0].length };
  }
  return undefined;
}

const elements: Step = (values) =>
  values.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));

function field(name: string): Step {
  return (values) =>
    values.flatMap((value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, name)
        ? [(value as Record<string, unknown>)[name]]
        : [],
    );
}

function element(index: number): Step {
  return (values) => values.flatMap((value) => (Array.isArray(value) ? value.slice(index).slice(0, 1) : []));
}

function slice(from: string, to: string): Step {
  const end = to === '' ? undefined : Number(to);
  return (values) => values.flatMap((value) => (Array.isArray(value) ? value.slice(Number(from), end) : []));
}

function filter(text: string): Step | undefined {
  const [, path, operator = '', literal = ''] = Condition.exec(text) ?? [];
  if (path === undefined) return undefined;
  const wanted = parseLiteral(literal);
  const holds = (candidate: unknown): boolean => {
    const value = jsonPathValue(candidate, path);
    return operator === '' ? value !== undefined : compare(value, operator, wanted);
  };
  return (values) => values.flatMap((value) => (Array.isArray(value) ? value.filter(holds) : []));
}

function parseLiteral(text: string): unknown {
  if (/^(["']).*\1$/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;
}

function compare(value: unknown, operator: string, wanted: unknown): boolean {
  if (operator === '!=') return value !== wanted;
  if (operator === '==') return value === wanted;
  if (typeof value !== typeof wanted || (typeof value !== 'number' && typeof value !== 'string')) return false;
  const order = value === wanted ? 0 : value < (wanted as typeof value) ? -1 : 1;
  return operator.startsWith('<')
    ? order < 0 || (order === 0 && operator === '<=')
    : order > 0 || (order === 0 && operator === '>=');
}
