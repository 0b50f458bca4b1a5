// `kubectl get --raw /version`, as a program of its own.
import { askVersion } from './ask-version.js';

await askVersion({ kubeconfig: process.argv[2] });
