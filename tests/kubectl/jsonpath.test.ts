import { parseJson } from '@client-ts/apimachinery';
import { ApiServer } from '@client-ts/apiserver';
import { listen } from '@client-ts/apiserver/node';
import { type EvaluateOptions, isJsonPathError, parseJsonPath, relaxedJsonPath } from '@client-ts/jsonpath';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columns, shop } from './column-cases.js';
import { templates } from './jsonpath-cases.js';
import { store } from './jsonpath-store.js';
import { findKubectls, Kubectl } from './kubectl.js';

/** What a template came to: a text, or why there is none. */
type Outcome = { readonly text: string } | { readonly error: string };

/** Made comparable: maps have no order in kubectl, and it shows a value that is no list where the package has its type. */
function comparable(template: string, outcome: Outcome): Outcome {
  if ('error' in outcome) {
    return { error: outcome.error.replace(/^.*(?= is not array or slice and cannot be filtered)/s, '…') };
  }
  const inMaps = /\.\.|\.\*/.test(template);
  return inMaps
    ? {
        text: outcome.text
          .split(/(?<=[^,:]) /)
          .toSorted()
          .join(' '),
      }
    : outcome;
}

function ours(template: string, form: 'print' | 'printJson', options: EvaluateOptions): Outcome {
  try {
    return { text: parseJsonPath(template)[form](parseJson(store), options) };
  } catch (error) {
    if (!isJsonPathError(error)) throw error;
    return { error: error.reason };
  }
}

/** Stands between templates that are printed as one: no object has it. */
const Mark = '\u0001';

// One minor version: the engine of 1.34 and 1.37 differs in nothing that an object from a server can show.
describe.each(findKubectls(['1.37']))('JSONPath beside kubectl $name', ({ path, missing }) => {
  if (missing !== undefined) {
    it('prints the same', ({ skip }) => skip(missing));
    return;
  }

  let kubectl: Kubectl;
  beforeAll(async () => {
    kubectl = await Kubectl.create(path ?? '', '');
  });
  afterAll(() => kubectl[Symbol.asyncDispose]());

  /** By a command that changes nothing, asks no server, and prints any object. */
  async function theirs(template: string, format: string, ...args: string[]): Promise<Outcome> {
    const command = ['annotate', '--local', '--overwrite', '-f', '-', 'x=y', '-o', `${format}=${template}`, ...args];
    const { code, stdout, stderr } = await kubectl.run(command, { stdin: store });
    if (code === 0) return { text: stdout };
    const executing = /: Error executing template: (.*)\. Printing more information/s.exec(stderr)?.[1];
    return { error: executing ?? stderr.replace(`error: error parsing jsonpath ${template}, `, '').replace(/\n$/, '') };
  }

  async function eachOfTheirs(
    cases: readonly string[],
    format: string,
    ...args: string[]
  ): Promise<Map<string, Outcome>> {
    const found = new Map<string, Outcome>();
    const left = cases.values();
    const work = async (): Promise<void> => {
      for (const template of left) found.set(template, await theirs(template, format, ...args));
    };
    await Promise.all([work(), work(), work()]);
    return found;
  }

  function expectTheSame(theirs: ReadonlyMap<string, Outcome>, ours: (template: string) => Outcome): void {
    const all = (outcome: (template: string) => Outcome): object[] =>
      [...theirs.keys()].toSorted().map((template) => ({ template, ...comparable(template, outcome(template)) }));
    expect(all(ours)).toEqual(all((template) => theirs.get(template) ?? { error: 'not printed' }));
  }

  it.each(Object.entries(templates))('prints the same: %s', async (_, cases) => {
    const expected = (template: string): Outcome => ours(template, 'print', { allowMissingKeys: true });
    // A process for each would take most of the time: those that have an end of their own are one template.
    const together = cases.filter((template) => 'text' in expected(template) && !/range|end/.test(template));
    const whole = await theirs(together.join(Mark), 'jsonpath');
    const parts = 'text' in whole ? whole.text.split(Mark).map((text) => ({ text })) : together.map(() => whole);
    const alone = await eachOfTheirs(
      cases.filter((template) => !together.includes(template)),
      'jsonpath',
    );
    const joined = together.map((template, i) => [template, parts[i] ?? whole] as const);
    expectTheSame(new Map<string, Outcome>([...joined, ...alone]), expected);
  });

  it('prints the same as JSON', async () => {
    const cases = [
      '{.metadata.name} and {.kind}',
      '{.spec.items[*].metadata.name}',
      '{.spec.items[0]}',
      '{.spec.none}{.spec.empty}{.spec.emptyInside}',
      '{.missing}',
      '{.spec.nulls}{.spec.numbers}{.spec.texts}',
      '{range .spec.integers[*]}{@}{1.0}{end}',
      '{.spec.texts.umlaut}',
      '{.metadata[0]}',
    ];
    const printed = await eachOfTheirs(cases, 'jsonpath-as-json');
    expectTheSame(printed, (template) => ours(template, 'printJson', { allowMissingKeys: true }));
  });

  it('misses the same keys', async () => {
    const cases = [
      '{.missing}',
      'before-{.missing}after',
      '{.metadata.name.first}',
      '{.spec.nothing.more}',
      '{.}',
      '{..missing}',
      '{.spec.items[*].metadata.annotations.color}',
      '{.spec.items[?(@.metadata.annotations.color=="blue")].metadata.name}',
      '{.spec.items[?(@.metadata.annotations.color)].metadata.name}',
      '{.spec.none[*].name}|',
      '{range .spec.none[*]}{.name}{end}',
      "{.spec.items[*]['metadata.name', 'missing']}",
      '{range .spec.items[*]}{.metadata.annotations.color}{end}',
    ];
    const printed = await eachOfTheirs(cases, 'jsonpath', '--allow-missing-template-keys=false');
    expectTheSame(printed, (template) => ours(template, 'print', {}));
  });

  it('prints the same cells of custom columns', async () => {
    await using server = new ApiServer();
    await using listener = await listen(server);
    await using client = await Kubectl.create(path ?? '', listener.kubeconfig());
    await client.ok(['create', '-f', '-'], { stdin: JSON.stringify(shop) });
    const get = ['get', 'deployment', 'shop', '-o'];
    const object = parseJson(await client.ok([...get, 'json']));
    const table = await client.ok([
      ...get,
      `custom-columns=${columns.map((column) => `C:${column}`).join()}`,
      '--no-headers',
    ]);

    const cells = columns.map((column) =>
      parseJsonPath(relaxedJsonPath(column)).printCell(object, { allowMissingKeys: true }),
    );
    expect(cells).toEqual(table.split(/ {3,}/));
  });
});
