import type { StatusCause } from '@client-ts/apimachinery/errors';
import { duplicate, invalid, required } from '../../rules/causes.js';
import { compareQuantities } from '../decoding/quantity.js';
import { type Fields, fieldsAt, isFields, listAt, textAt } from '../json-fields.js';
import { nonNegative, portNameProblems, portProblems } from './numbers.js';
import type { Rule } from './rule.js';

/** Where the value of an environment variable can come from, in the order in which a real server lists it. */
const EnvSources = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef'];
const ProbeHandlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];
const ContainerResources = /^(cpu|memory|ephemeral-storage|hugepages-.*|.*\/.*)$/;

/** Rules of containers, by type. */
export const ContainerRules: Readonly<Record<string, Rule>> = {
  'core.v1.Container': (container, path) => [
    ...imageProblems(container, path),
    ...portListProblems(container, `${path}.ports`),
  ],
  'core.v1.EnvVar': (variable, path) => [
    ...envNameProblems(textAt(variable, 'name'), `${path}.name`),
    ...envSourceProblems(variable, `${path}.valueFrom`),
  ],
  'core.v1.ExecAction': ({ command }, path) =>
    Array.isArray(command) && command.length > 0 ? [] : [required(`${path}.command`)],
  'core.v1.HTTPGetAction': ({ port }, path) => portProblems(`${path}.port`, port),
  'core.v1.Probe': (probe, path) => [
    ...(ProbeHandlers.some((handler) => probe[handler] !== undefined)
      ? []
      : [required(path, 'must specify a handler type')]),
    ...nonNegative(
      probe,
      path,
      'initialDelaySeconds',
      'timeoutSeconds',
      'periodSeconds',
      'successThreshold',
      'failureThreshold',
    ),
  ],
  'core.v1.ResourceRequirements': (resources, path) => [
    ...quantityProblems(resources, path, 'limits'),
    ...quantityProblems(resources, path, 'requests'),
    ...overLimitProblems(resources, path),
  ],
  'core.v1.TCPSocketAction': ({ port }, path) => portProblems(`${path}.port`, port),
};

function imageProblems(container: Fields, path: string): StatusCause[] {
  const image = textAt(container, 'image');
  if (image === '') return [required(`${path}.image`)];
  return image.trim() === image
    ? []
    : [invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')];
}

function portListProblems(container: Fields, path: string): StatusCause[] {
  const seen = new Set<string>();
  return listAt(container, 'ports').flatMap((port, i) => {
    const causes: StatusCause[] = [];
    const name = textAt(port, 'name');
    if (name !== '') {
      causes.push(...portNameProblems(`${path}[${i}].name`, name));
      if (seen.has(name)) causes.push(duplicate(`${path}[${i}].name`, name));
      seen.add(name);
    }
    const { containerPort, hostPort } = port;
    if (!containerPort) causes.push(required(`${path}[${i}].containerPort`));
    else causes.push(...portProblems(`${path}[${i}].containerPort`, containerPort));
    if (hostPort) causes.push(...portProblems(`${path}[${i}].hostPort`, hostPort));
    return causes;
  });
}

function envNameProblems(name: string, field: string): StatusCause[] {
  if (name === '' || /^[\x20-\x3c\x3e-\x7e]+$/.test(name)) return [];
  const problem = "a valid environment variable name must consist only of printable ASCII characters other than '='";
  return [invalid(field, name, problem)];
}

function envSourceProblems({ value, valueFrom }: Fields, field: string): StatusCause[] {
  if (!isFields(valueFrom)) return [];
  const sources = Object.keys(valueFrom);
  if (sources.length === 0) {
    const choices = EnvSources.map((source) => `\`${source}\``);
    return [invalid(field, '', `must specify one of: ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`)];
  }
  if (value) return [invalid(field, '', 'may not be specified when `value` is not empty')];
  if (sources.length > 1) return [invalid(field, '', 'may not have more than one field specified at a time')];
  return [];
}

function quantityProblems(resources: Fields, path: string, list: string): StatusCause[] {
  return Object.entries(fieldsAt(resources, list)).flatMap(([name, quantity]) => {
    const field = `${path}.${list}[${name}]`;
    const causes: StatusCause[] = [];
    if (!ContainerResources.test(name)) {
      causes.push(
        ...(name.includes('.') ? [] : [invalid(field, name, 'must be a standard resource type or fully qualified')]),
        invalid(field, name, 'must be a standard resource for containers'),
      );
    }
    if (String(quantity).startsWith('-')) causes.push(invalid(field, quantity, 'must be greater than or equal to 0'));
    return causes;
  });
}

function overLimitProblems(resources: Fields, path: string): StatusCause[] {
  const limits = fieldsAt(resources, 'limits');
  const requests = fieldsAt(resources, 'requests');
  return Object.keys(requests).flatMap((name) => {
    const [request, limit] = [textAt(requests, name), textAt(limits, name)];
    if (limit === '' || compareQuantities(request, limit) <= 0) return [];
    return [invalid(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`)];
  });
}
