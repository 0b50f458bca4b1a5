import { formatGroupResource, type GroupResource } from '@client-ts/apimachinery';
import { isDNS1123Label, isDNS1123Subdomain } from '@client-ts/apimachinery/validation';

/** What is wrong with a name, in the words of the server. */
export type NameRule = (name: string) => string[];

/** Names that become DNS labels. */
const label: NameRule = (name) => {
  if (name.includes('.')) return ['must not contain dots'];
  return inCharacters(isDNS1123Label(name));
};

const subdomain: NameRule = (name) => inCharacters(isDNS1123Subdomain(name));

/** Names that are only part of a path. */
const pathSegment: NameRule = (name) => {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((text) => name.includes(text)).map((text) => `may not contain '${text}'`);
};

const Rules: Readonly<Record<string, NameRule>> = {
  namespaces: label,
  services: label,
  'roles.rbac.authorization.k8s.io': pathSegment,
  'rolebindings.rbac.authorization.k8s.io': pathSegment,
  'clusterroles.rbac.authorization.k8s.io': pathSegment,
  'clusterrolebindings.rbac.authorization.k8s.io': pathSegment,
};

/** What the names of a resource's objects have to be: DNS subdomains unless it has a rule of its own. */
export function nameRuleOf(resource: GroupResource): NameRule {
  const name = formatGroupResource(resource);
  return (Object.hasOwn(Rules, name) && Rules[name]) || subdomain;
}

/** Lengths of names are counted in characters, those of label keys in bytes. */
function inCharacters(problems: string[]): string[] {
  return problems.map((problem) => problem.replace(/^(must be no more than \d+) bytes$/, '$1 characters'));
}
