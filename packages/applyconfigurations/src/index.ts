export { extract, type ExtractOptions } from './extract.js';
export { ManagedFieldsError } from './managed-fields-error.js';
