// npm run soak [-- --minutes N --seed S]: random runs under faults, and what they leave behind.
import { soakCommand } from './soak-command.js';
import { soakSubjects } from './soak-subjects.js';
import { soakTrials } from './soak-trials.js';

process.exitCode = await soakCommand(process.argv.slice(2), soakSubjects, soakTrials, console.log);
