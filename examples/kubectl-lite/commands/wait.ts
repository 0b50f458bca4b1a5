import { type KubernetesObject, realClock, sleep } from '@client-ts/apimachinery';
import { isNotFound, newNotFound } from '@client-ts/apimachinery/errors';
import { parseJsonPath, relaxedJsonPath } from '@client-ts/jsonpath';
import type { ObjectEvent } from '@client-ts/watch';
import { command } from '../command.js';
import { throwAll } from '../failure.js';
import { attemptAll, findAll, type Found, ObjectSource, resourceOf } from '../find.js';
import { newPrinter } from '../printing/printer.js';
import type { Session } from '../session.js';
import { findTargets, targetFlags } from '../targets.js';
import { untilGone, untilNamed } from '../until-gone.js';

/** How often it is looked whether something has been created. */
const PollMs = 500;
const WeekMs = 168 * 3_600_000;

/** What is waited for: that something is there, that it is gone, or what it looks like. */
type Condition = 'create' | 'delete' | ((object: KubernetesObject) => boolean);

export const wait = command({
  usage:
    '(TYPE NAME… | TYPE/NAME… | TYPE -l LABELS | TYPE --all) --for=(create | delete | condition=C[=V] | jsonpath=PATH[=V]) [--timeout=T]',
  flags: {
    ...targetFlags,
    all: { type: 'bool' },
    for: { type: 'array' },
    timeout: { type: 'duration', default: 30_000 },
    output: { type: 'string', short: 'o' },
  },
  async run(session, line) {
    const { flags } = line;
    const print = newPrinter(session, { output: flags.output, operation: 'condition met' });
    if (flags.for.length === 0) throw new Error('unrecognized condition: []');
    const conditions = flags.for.map(parseCondition);
    const deadline = Date.now() + (flags.timeout < 0 ? WeekMs : flags.timeout);
    const isForDelete = conditions.includes('delete');
    const find = async (): ReturnType<typeof findAll<KubernetesObject>> =>
      findAll(await findTargets(session, line, flags.all), new ObjectSource(session), { ignoreNotFound: isForDelete });
    let { found, errors } = await find();
    while (conditions.includes('create') && (errors.length > 0 ? errors.every(isNotFound) : found.length === 0)) {
      if (Date.now() + PollMs > deadline) throw new Error('timed out waiting for the condition');
      await sleep(realClock, PollMs, session.io.signal);
      ({ found, errors } = await find());
    }
    const late = await attemptAll(found, async (one) => {
      for (const condition of conditions) {
        const timeoutMs = flags.timeout === 0 ? 0 : Math.max(1, deadline - Date.now());
        print(await untilMet(session, one, condition, timeoutMs));
      }
    });
    throwAll([...errors, ...late]);
    if (found.length === 0 && !isForDelete) throw new Error('no matching resources found');
  },
});

/** Resolves with the object that meets the condition. @param timeoutMs - 0 to look once. */
async function untilMet(
  session: Session,
  one: Found<KubernetesObject>,
  condition: Condition,
  timeoutMs: number,
): Promise<object> {
  const { mapping, name, object } = one;
  if (condition === 'create') return object;
  const notMet = new Error(`condition not met for ${mapping.resource}/${name}`);
  if (condition === 'delete') {
    if (timeoutMs === 0) throw notMet;
    await untilGone(session, one, { timeoutMs });
    return object;
  }
  const resource = resourceOf(session, one);
  if (timeoutMs === 0) {
    const current = await resource.get(name);
    if (!condition(current)) throw notMet;
    return current;
  }
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
  const simple = text.toLowerCase();
  if (simple === 'create' || simple === 'delete') return simple;
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
  if (more.length > 0) {
    throw new Error(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    );
  }
  const template = relaxedJsonPath(expression);
  const wanted = value?.replace(/^['"]+|['"]+$/g, '');
  if (wanted === '')
    throw new Error(
      "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
    );
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
