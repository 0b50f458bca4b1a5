import type { StatusCause } from '@client-ts/apimachinery/errors';
import { selectorFromLabelSelector } from '@client-ts/apimachinery/labels';
import { isQualifiedName, isValidLabelValue } from '@client-ts/apimachinery/validation';
import { forbidden, invalid, invalidFor, required } from '../../rules/causes.js';
import { type Fields, fieldsAt, isFields, listAt, textAt } from '../json-fields.js';

/** What is wrong with labels that something else is to carry or to have. */
export function labelProblems(field: string, labels: Readonly<Fields>): StatusCause[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...invalidFor(field, key, isQualifiedName(key)),
    ...invalidFor(field, value, isValidLabelValue(String(value))),
  ]);
}

export function labelSelectorProblems(field: string, selector: Fields): StatusCause[] {
  return [
    ...labelProblems(`${field}.matchLabels`, fieldsAt(selector, 'matchLabels')),
    ...listAt(selector, 'matchExpressions').flatMap((requirement, i) =>
      requirementProblems(`${field}.matchExpressions[${i}]`, requirement),
    ),
  ];
}

function requirementProblems(field: string, requirement: Fields): StatusCause[] {
  const key = textAt(requirement, 'key');
  const values = (requirement['values'] as string[] | undefined) ?? [];
  return [
    ...operatorProblems(field, requirement['operator'], values),
    ...invalidFor(`${field}.key`, key, isQualifiedName(key)),
    ...values.flatMap((value, i) => invalidFor(`${field}.values[${i}]`, value, isValidLabelValue(value))),
  ];
}

function operatorProblems(field: string, operator: unknown, values: readonly string[]): StatusCause[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return [];
      return [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return [];
      return [forbidden(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    default:
      return [invalid(`${field}.operator`, operator, 'not a valid selector operator')];
  }
}

/**
 * How the selector of a workload and the labels of its template belong together.
 *
 * @param path - of the workload's spec.
 * @param emptyProblem - what to say of a selector that selects everything.
 */
export function workloadSelectorProblems(spec: Fields, path: string, emptyProblem: string): StatusCause[] {
  const causes: StatusCause[] = [];
  const { selector } = spec;
  const labels = templateLabels(spec);
  if (!isFields(selector)) {
    causes.push(required(`${path}.selector`));
  } else {
    const problems = labelSelectorProblems(`${path}.selector`, selector);
    if (problems.length > 0) return [...problems, invalid(`${path}.selector`, selector, 'invalid label selector')];
    if (isEmptySelector(selector)) return [invalid(`${path}.selector`, selector, emptyProblem)];
  }
  if (!isFields(selector) || !selectorFromLabelSelector(selector).matches(labels ?? {})) {
    causes.push(mismatch(path, labels));
  }
  return causes;
}

export function mismatch(path: string, labels: Readonly<Record<string, string>> | undefined): StatusCause {
  return invalid(`${path}.template.metadata.labels`, labels, '`selector` does not match template `labels`');
}

export function templateLabels(spec: Fields): Readonly<Record<string, string>> | undefined {
  const { labels } = fieldsAt(fieldsAt(spec, 'template'), 'metadata');
  return isFields(labels) && Object.keys(labels).length > 0 ? (labels as Record<string, string>) : undefined;
}

export function isEmptySelector(selector: Fields): boolean {
  const { matchLabels } = selector;
  const labels = isFields(matchLabels) ? Object.keys(matchLabels).length : 0;
  return labels + listAt(selector, 'matchExpressions').length === 0;
}
