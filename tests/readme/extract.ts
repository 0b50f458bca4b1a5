// Writes the examples of all READMEs as modules, for the type checker: the tests do so by themselves.
import { extractExamples } from './examples.js';

extractExamples();
