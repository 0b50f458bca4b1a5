import type { KubernetesObject } from '@client-ts/apimachinery';
import { newNotFound } from '@client-ts/apimachinery/errors';
import { parseJsonPath, relaxedJsonPath } from '@client-ts/jsonpath';
import type { ObjectEvent } from '@client-ts/watch';
import { command } from '../command.js';
import { throwAll } from '../failure.js';
import { attemptAll, findAll, type Found, ObjectSource, resourceOf } from '../find.js';
import { newPrinter } from '../printing/printer.js';
import type { Session } from '../session.js';
import { findTargets, targetFlags } from '../targets.js';
import { untilGone, untilNamed } from '../until-gone.js';

const WeekMs = 168 * 3_600_000;

/** What is waited for: that it is gone, or what it looks like. */
type Condition = 'delete' | ((object: KubernetesObject) => boolean);

export const wait = command({
  usage:
    '(TYPE NAME… | TYPE/NAME… | TYPE -l LABELS | TYPE --all) --for=(delete | condition=C[=V] | jsonpath=PATH[=V]) [--timeout=T]',
  flags: {
    ...targetFlags,
    all: { type: 'bool' },
    for: { type: 'string' },
    timeout: { type: 'duration', default: 30_000 },
    output: { type: 'string', short: 'o' },
  },
  async run(session, line) {
    const { flags } = line;
    const print = newPrinter(session, { output: flags.output, operation: 'condition met' });
    const condition = parseCondition(flags.for);
    const isForDelete = condition === 'delete';
    const deadline = Date.now() + (flags.timeout < 0 ? WeekMs : flags.timeout);
    const targets = await findTargets(session, line, flags.all);
    const { found, errors } = await findAll(targets, new ObjectSource(session), { ignoreNotFound: isForDelete });
    const late = await attemptAll(found, async (one) => {
      print(await untilMet(session, one, condition, deadline - Date.now()));
    });
    throwAll([...errors, ...late]);
    if (found.length === 0 && !isForDelete) throw new Error('no matching resources found');
  },
});

/** Resolves with the object that meets the condition. */
async function untilMet(
  session: Session,
  one: Found<KubernetesObject>,
  condition: Condition,
  timeoutMs: number,
): Promise<object> {
  const { mapping, name, object } = one;
  if (condition === 'delete') {
    await untilGone(session, one, { timeoutMs });
    return object;
  }
  const resource = resourceOf(session, one);
  const isMet = ({ type, object }: ObjectEvent<KubernetesObject>): boolean => type !== 'DELETED' && condition(object);
  const met = await untilNamed<KubernetesObject>(session, one, resource, isMet, {
    timeoutMs,
    precondition(indexer) {
      if (indexer.list().length === 0) throw newNotFound(mapping, name);
      return false;
    },
  });
  return met!;
}

function parseCondition(text: string): Condition {
  if (text.toLowerCase() === 'delete') return 'delete';
  const [, kind, rest = ''] = /^(condition|jsonpath)=(.*)$/s.exec(text) ?? [];
  if (kind === 'condition') {
    const [, type = '', status = 'true'] = /^([^=]*)(?:=(.*))?$/s.exec(rest)!;
    return (object) => hasCondition(object, type, status);
  }
  if (kind === 'jsonpath') return jsonPathCondition(rest);
  throw new Error(`unrecognized condition: ${JSON.stringify(text)}`);
}

interface Conditioned extends KubernetesObject {
  status?: {
    observedGeneration?: number;
    conditions?: { type?: string; status?: string; observedGeneration?: number }[];
  };
}

/** A condition of an older generation does not count. */
function hasCondition({ metadata, status }: Conditioned, type: string, wanted: string): boolean {
  const condition = status?.conditions?.find((one) => one.type?.toLowerCase() === type.toLowerCase());
  const { generation } = metadata ?? {};
  const observed = condition?.observedGeneration ?? status?.observedGeneration;
  if (generation !== undefined && observed !== undefined && observed < generation) return false;
  return condition?.status?.toLowerCase() === wanted.toLowerCase();
}

function jsonPathCondition(text: string): Condition {
  // A single = ends the path, == is a part of it.
  const [expression = '', value, ...more] = text.split(/(?<!=)=(?!=)/);
  if (value === '' || more.length > 0) {
    throw new Error(`expected jsonpath=PATH or jsonpath=PATH=VALUE, got ${JSON.stringify(text)}`);
  }
  const template = relaxedJsonPath(expression);
  const wanted = value?.replace(/^['"]+|['"]+$/g, '');
  if (template === '') throw new Error('jsonpath expression cannot be empty');
  const path = parseJsonPath(template);
  return (object) => {
    const lists = path.evaluate(object, { allowMissingKeys: true });
    const [values = []] = lists;
    if (values.length === 0) return false;
    if (lists.length > 1) throw new Error('given jsonpath expression matches more than one list');
    if (values.length > 1) throw new Error('given jsonpath expression matches more than one value');
    if (wanted === undefined) return true;
    if (typeof values[0] === 'object' && values[0] !== null) {
      throw new Error('jsonpath leads to a nested object or list which is not supported');
    }
    return path.printCell(object).trim() === wanted.trim();
  };
}
