import { type Fields, fieldsAt, isFields, listAt, setDefaults } from '../json-fields.js';

/** Defaults of pods that templates of pods do not have. */
export function defaultPod({ spec }: Fields): void {
  if (!isFields(spec)) return;
  setDefaults(spec, { enableServiceLinks: true });
  for (const container of [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')]) {
    requestLimits(container);
    if (spec['hostNetwork'] === true) openHostPorts(container);
  }
}

/** What a container is limited to it also asks for, unless it says otherwise. */
function requestLimits({ resources }: Fields): void {
  if (!isFields(resources) || !isFields(resources['limits'])) return;
  resources['requests'] = { ...resources['limits'], ...fieldsAt(resources, 'requests') };
}

function openHostPorts(container: Fields): void {
  for (const port of listAt(container, 'ports')) {
    if (!port['hostPort']) port['hostPort'] = port['containerPort'];
  }
}
