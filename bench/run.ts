// Measures, prints tables, and leaves the numbers in bench/results; started by run.mjs.
import path from 'node:path';
import { benchCommand } from './bench-command.js';
import { benchmarks } from './benchmarks.js';

const folder = path.join(import.meta.dirname, 'results');
process.exitCode = await benchCommand(process.argv.slice(2), benchmarks, { folder }, console.log);
