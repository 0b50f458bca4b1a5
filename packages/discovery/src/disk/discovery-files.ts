import path from 'node:path';
import { parseGroupVersion } from '@client-ts/apimachinery';
import { aFewAtATime } from '../a-few-at-a-time.js';
import type { ApiResource, ApiResources } from '../api-resource.js';
import { groupVersionsOf } from '../api-versions.js';
import { byGroupVersion } from '../by-group-version.js';
import { readGroups, readResources } from '../legacy-discovery.js';
import { groupListOf, resourceListOf } from './legacy-documents.js';
import { readKept } from './read-kept.js';
import { isApiGroupList, isApiResourceList } from './valid-documents.js';
import { writeAtomically } from './write-atomically.js';

/** What makes no path that leads elsewhere. Names come from a server, and from whoever can write its files. */
const HarmlessName = /^(?:[a-z0-9][a-z0-9.-]*\/)?[a-z0-9][a-z0-9-]*$/i;

/** At once: more are no faster, and a process may not have many more. */
const OpenFiles = 32;

/** What a directory says of one server. */
export interface KeptResources {
  readonly found: ApiResources;
  /** When the oldest part of it was written, in milliseconds since 1970. */
  readonly writtenMs: number;
}

/**
 * What a server serves, in the files of kubectl: `servergroups.json`, and `<group>/<version>/serverresources.json`, where the core
 * group is left out. Others may read and write them at the same time.
 */
export class DiscoveryFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * All or nothing: `undefined` when a file is missing, is no such file, or is from before `notBeforeMs`.
   */
  async read(notBeforeMs: number): Promise<KeptResources | undefined> {
    let writtenMs = Infinity;
    const document = async (file: string): Promise<unknown> => {
      const kept = await readKept(path.join(this.#directory, file));
      if (!kept || kept.writtenMs < notBeforeMs) throw new Missing();
      writtenMs = Math.min(writtenMs, kept.writtenMs);
      return JSON.parse(kept.content.toString()) as unknown;
    };
    const byVersion = new Map<string, readonly ApiResource[]>();
    try {
      const list = await document('servergroups.json');
      if (!isApiGroupList(list)) return undefined;
      const groups = readGroups(undefined, list);
      const names = groupVersionsOf(groups);
      if (names.length === 0) return undefined;
      await aFewAtATime(names, OpenFiles, async (name) => {
        if (!HarmlessName.test(name)) throw new Missing();
        const resources = await document(resourcesFile(name));
        if (!isApiResourceList(resources, name)) throw new Missing();
        byVersion.set(name, readResources(resources, parseGroupVersion(name)));
      });
      return { found: { groups, resources: names.flatMap((name) => byVersion.get(name) ?? []) }, writtenMs };
    } catch {
      return undefined;
    }
  }

  /**
   * Group versions without resources get no file, as with kubectl, and neither do those that failed: who reads the directory
   * knows by that that something is missing.
   */
  async write({ groups, resources }: ApiResources, failed: Iterable<string>): Promise<void> {
    await aFewAtATime(byGroupVersion(resources), OpenFiles, async ([name, listed]) => {
      if (HarmlessName.test(name))
        await this.#write(resourcesFile(name), resourceListOf(parseGroupVersion(name), listed));
    });
    // The last: until then, what is there is what was there.
    if (groups.length > 0) await this.#write('servergroups.json', groupListOf(groups, failed));
  }

  async #write(file: string, document: object): Promise<void> {
    // As Go's encoder ends what it writes.
    await writeAtomically(path.join(this.#directory, file), `${JSON.stringify(document)}\n`);
  }
}

class Missing extends Error {}

function resourcesFile(groupVersion: string): string {
  return `${groupVersion}/serverresources.json`;
}
