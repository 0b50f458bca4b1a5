import { parseJson, stringifyJson } from '@client-ts/apimachinery';
import { Composer, type CST, Document, LineCounter, Parser, Scalar, visit } from 'yaml';
import { type LineAndColumn, YamlError } from './yaml-error.js';
import { kubernetesScalars } from './yaml-scalars.js';
import { type Position, toJson } from './yaml-to-json.js';

export { type LineAndColumn, YamlError } from './yaml-error.js';

/**
 * Reads one YAML document, as kubectl reads a manifest and client-go a kubeconfig: `yes`, `on` and `y` are booleans, `0644`
 * is octal, times stay strings. JSON is YAML too.
 *
 * The result is plain JSON without shared objects; empty text gives `null`. Integers of 64 bits that a number cannot hold are
 * a `bigint`, as in what clients give and take.
 *
 * @throws YamlError for text that is not YAML, more than one document, duplicate keys (kubectl silently takes the last),
 * keys and values that JSON does not have, unknown tags, and aliases that multiply without limit.
 */
export function parseYaml(text: string): unknown {
  const [first, second] = parse(text);
  if (second) throw new YamlError('expected one document', second.start);
  return first?.read() ?? null;
}

/**
 * Reads a stream of documents separated by `---`. Documents without content are left out, as kubectl does.
 *
 * @throws YamlError as {@link parseYaml}.
 */
export function parseAllYaml(text: string): unknown[] {
  const values: unknown[] = [];
  for (const document of parse(text)) {
    const value = document.read();
    if (value !== null) values.push(value);
  }
  return values;
}

/**
 * Writes what `JSON.stringify` would write, and each `bigint`, as YAML. Strings that any common reader would take for something else, such as
 * `"on"`, `"0644"`, `"12:30"` or `"2001-01-01"`, are quoted. Keys keep their order.
 */
export function stringifyYaml(object: unknown): string {
  const json = stringifyJson(object as object) as string | undefined;
  if (json === undefined) throw new TypeError('stringifyYaml: expected a value that JSON has');
  const document = new Document(parseJson(json), { ...Options, compat: 'yaml-1.1' });
  visit(document, {
    Scalar(key, node) {
      const unsafe = typeof node.value === 'string' && (UnsafeInBlock.test(node.value) || key === null);
      if (unsafe) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ indentSeq: false, lineWidth: 0, doubleQuotedAsJSON: true });
  return text.replaceAll(NotPrintable, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What YAML 1.1 does not let stand in a stream, or takes for a line break; only ever in double quotes. */
const NotPrintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** What readers disagree about outside of double quotes: blank and indented lines, and the above. */
const UnsafeInBlock = new RegExp(`^\\s|\\n[^\\S\\n]|${NotPrintable.source}`);

/** One document of a stream; reading converts it. */
interface ParsedDocument {
  readonly start: LineAndColumn;
  read(): unknown;
}

const Options = { schema: 'failsafe', customTags: kubernetesScalars, version: '1.2', resolveKnownTags: false } as const;

function* parse(text: string): Generator<ParsedDocument, undefined> {
  const lineCounter = new LineCounter();
  const position = (offset: number): LineAndColumn => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  // The library's own check of keys takes quadratic time.
  const composer = new Composer({ ...Options, lineCounter, uniqueKeys: false });
  refuseFirstProblem(composer, position);
  for (const document of composer.compose(tokens(text, lineCounter, position))) {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw new YamlError(describe(problem), position(problem.pos[0]));
    yield { start: position(document.range[0]), read: () => toJson(document.contents, position) };
  }
}

function* tokens(text: string, lineCounter: LineCounter, position: Position): Generator<CST.Token> {
  for (const token of new Parser(lineCounter.addNewLine).parse(text)) {
    if (token.type === 'error')
      throw new YamlError(describe({ code: '', message: token.message }), position(token.offset));
    yield token;
  }
}

/**
 * Throws the first problem at once. The library collects them, at the cost of two kilobytes each, and a hostile text has one in
 * every byte. Where it reports them is its own affair: were it elsewhere one day, they would be found in the document.
 */
function refuseFirstProblem(composer: Composer, position: Position): void {
  let first: YamlError | undefined;
  const onError = (source: ProblemSource, code: string, message: string): never => {
    const offset = typeof source === 'number' ? source : 'offset' in source ? source.offset : source[0];
    // The library catches what is thrown, and reports it as another problem.
    throw (first ??= new YamlError(describe({ code, message }), position(offset)));
  };
  Object.assign(composer, { onError });
}

type ProblemSource = number | readonly [number, ...number[]] | { readonly offset: number };

/** Problems that the library describes with parts of the text, which may be a credential: so they are not a cause either. */
const Problems: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'the anchor or alias has a wrong name',
  BAD_COLLECTION_TYPE: 'the tag does not fit the value',
  BAD_DIRECTIVE: 'the directive is unknown',
  BAD_DQ_ESCAPE: 'the escape sequence is unknown',
  RESOURCE_EXHAUSTION: 'the document is nested too deeply',
  TAG_RESOLVE_FAILED: 'the tag is unknown, or does not fit the value',
};

function describe({ code, message }: { code: string; message: string }): string {
  return Problems[code] ?? message.replace(/: .*/s, '');
}
