import { type Fields, fieldsAt, listAt } from '../json-fields.js';

/** A stateful set whose pods have the volumes that will be claimed for them, too. */
export function withClaimedVolumes(set: Fields): Fields {
  const spec = fieldsAt(set, 'spec');
  const template = fieldsAt(spec, 'template');
  const podSpec = fieldsAt(template, 'spec');
  const claimed = listAt(spec, 'volumeClaimTemplates').map((claim) => ({ name: fieldsAt(claim, 'metadata')['name'] }));
  if (claimed.length === 0) return set;
  const volumes = [...listAt(podSpec, 'volumes'), ...claimed];
  return { ...set, spec: { ...spec, template: { ...template, spec: { ...podSpec, volumes } } } };
}
