export { fileTokenSource, type FileTokenSourceOptions } from './file-token-source.js';
