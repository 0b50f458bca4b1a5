export { parseSelector } from './parse-selector.js';
export { type LabelSet, newRequirement, type Operator, type Requirement } from './requirement.js';
export {
  everything,
  type LabelSelector,
  newSelector,
  nothing,
  type Selector,
  selectorFromLabelSelector,
} from './selector.js';
