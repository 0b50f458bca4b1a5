import type { ScalarTag, Tags } from 'yaml';

/**
 * What plain scalars mean to Kubernetes: the rules of the Go library behind `sigs.k8s.io/yaml`, and so of kubectl. They are
 * neither YAML 1.1 nor 1.2: `yes`, `on` and `y` are booleans and `0644` is octal, but there are no base-60 numbers, and
 * times stay strings.
 *
 * The same rules decide what must be quoted on output.
 */

const bool: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:bool',
  test: /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON|n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/,
  identify: (value) => typeof value === 'boolean',
  resolve: (text) => /^(?:y|true|on)/i.test(text),
  stringify: ({ value }) => String(value),
};

/** No two repetitions of one character stand beside each other: the time to find that a text is no number stays linear. */
const integer: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?(?:0_*[bB]_*[01][01_]*|0_*[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|0_*(?:[oO]_*)?[0-7][0-7_]*|0_*|[1-9][0-9_]*)$/,
  resolve(source) {
    const [, sign, digits = ''] = /^([-+]?)(.*)$/.exec(source.replaceAll('_', '')) ?? [];
    // A leading zero alone means octal, which JavaScript writes as 0o.
    const text = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase();
    const magnitude = Number(text);
    const value = sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
    return Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) <= 2 ** 63 ? exact(text, sign) : value;
  },
  identify: (value) => typeof value === 'bigint',
  stringify: ({ value }) => String(value),
};

/** An integer that a number cannot hold; what 64 bits cannot hold either is rounded, as servers do. */
function exact(text: string, sign: string | undefined): number | bigint {
  const integer = sign === '-' ? -BigInt(text) : BigInt(text);
  return BigInt.asIntN(64, integer) === integer ? integer : Number(integer);
}

const float: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:float',
  test: /^(?:\.[0-9]+|[-+]\._*[0-9][0-9_]*|[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?_*[0-9][0-9_]*)?$/,
  identify: (value) => typeof value === 'number',
  resolve: (text) => Number(text.replaceAll('_', '')),
  stringify: ({ value }) => JSON.stringify(value),
};

/** JSON has none of these; they are known here so that they can be refused. */
const notFinite: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:float',
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: () => NaN,
};

export const kubernetesScalars: Tags = ['null', bool, integer, float, notFinite];
