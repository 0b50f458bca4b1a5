import { parseJson } from '@client-ts/apimachinery';
import { type EvaluateOptions, isJsonPathError, parseJsonPath } from '@client-ts/jsonpath';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { store, templates } from './jsonpath-cases.js';
import { findKubectls, Kubectl } from './kubectl.js';

/** What a template came to: a text, or why there is none. */
type Outcome = { readonly text: string } | { readonly error: string };

/** Maps have no order in kubectl: what it finds in them comes in another one each time. */
function inAnyOrder(template: string, outcome: Outcome): Outcome {
  if (!('text' in outcome) || !/\.\.|\.\*/.test(template)) return outcome;
  return {
    text: outcome.text
      .split(/(?<=[^,:]) /)
      .toSorted()
      .join(' '),
  };
}

// Where kubectl shows the value that is no list, the package has its type: an object may hold secrets.
function withoutValues(error: string): string {
  return error.replace(/^.*(?= is not array or slice and cannot be filtered)/s, '…');
}

function ours(template: string, form: 'print' | 'printJson', options: EvaluateOptions): Outcome {
  try {
    return inAnyOrder(template, { text: parseJsonPath(template)[form](parseJson(store), options) });
  } catch (error) {
    if (!isJsonPathError(error)) throw error;
    return { error: withoutValues(error.reason) };
  }
}

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

  /** A command that changes nothing, asks no server, and prints any object. */
  async function theirs(template: string, format: string, ...args: string[]): Promise<Outcome> {
    const command = ['annotate', '--local', '--overwrite', '-f', '-', 'x=y', '-o', `${format}=${template}`, ...args];
    const { code, stdout, stderr } = await kubectl.run(command, { stdin: store });
    if (code === 0) return inAnyOrder(template, { text: stdout });
    const reason =
      /: Error executing template: (.*)\. Printing more information/s.exec(stderr)?.[1] ??
      stderr.replace(`error: error parsing jsonpath ${template}, `, '').replace(/\n$/, '');
    return { error: withoutValues(reason) };
  }

  /** The templates for which kubectl and the package come to different ends, a few of them at once. */
  async function differences(
    cases: readonly string[],
    compare: (template: string) => Promise<{ kubectl: Outcome; jsonpath: Outcome }>,
  ): Promise<object[]> {
    const found: object[] = [];
    const left = cases.entries();
    const work = async (): Promise<void> => {
      for (const [, template] of left) {
        const both = await compare(template);
        if (JSON.stringify(both.kubectl) !== JSON.stringify(both.jsonpath)) found.push({ template, ...both });
      }
    };
    await Promise.all([work(), work(), work()]);
    return found;
  }

  it.each(Object.entries(templates))('prints the same: %s', async (_, cases) => {
    const found = await differences(cases, async (template) => ({
      kubectl: await theirs(template, 'jsonpath'),
      jsonpath: ours(template, 'print', { allowMissingKeys: true }),
    }));
    expect(found).toEqual([]);
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
    const found = await differences(cases, async (template) => ({
      kubectl: await theirs(template, 'jsonpath-as-json'),
      jsonpath: ours(template, 'printJson', { allowMissingKeys: true }),
    }));
    expect(found).toEqual([]);
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
    const found = await differences(cases, async (template) => ({
      kubectl: await theirs(template, 'jsonpath', '--allow-missing-template-keys=false'),
      jsonpath: ours(template, 'print', {}),
    }));
    expect(found).toEqual([]);
  });
});
