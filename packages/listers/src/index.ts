export { type Lister, type ListerOptions, type NamespaceableLister, newLister } from './lister.js';
