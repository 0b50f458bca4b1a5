export {
  escapeFieldValue,
  type FieldRequirement,
  type FieldSelector,
  newFieldSelector,
  parseFieldSelector,
} from './selector.js';
