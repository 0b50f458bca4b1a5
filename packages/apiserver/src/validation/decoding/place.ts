/** Where in an object a value stands, in the three ways in which Go's decoder tells it. */
export interface Place {
  /** Go name of the struct around the value. */
  readonly struct: string;
  /** Names of fields without indexes: `spec.containers.name`. */
  readonly fields: string;
  /** The whole path: `spec.containers[0].name`. */
  readonly path: string;
}

/** A field of the struct at a place. */
export function fieldOf(place: Place, struct: string, name: string): Place {
  return { struct, fields: dotted(place.fields, name), path: dotted(place.path, name) };
}

export function elementOf(place: Place, index: number): Place {
  return { ...place, path: `${place.path}[${index}]` };
}

/** A value of a map. */
export function valueOf(place: Place, key: string): Place {
  return { ...place, path: dotted(place.path, key) };
}

function dotted(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
