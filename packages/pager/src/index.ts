export { listAll, type ListAllOptions } from './list-all.js';
export { eachListChunk, type PagerOptions } from './list-chunks.js';
export { eachListItem } from './list-items.js';
