/** An object of no API, with a bit of everything that JSON can be. As text, for it has integers of 64 bits. */
export const store = String.raw`{
  "apiVersion": "example.com/v1",
  "kind": "Store",
  "metadata": {
    "name": "corner",
    "labels": { "app": "shop", "kubernetes.io/hostname": "127.0.0.1", "web/html": "15" },
    "annotations": { "x": "y" }
  },
  "spec": {
    "items": [
      {
        "metadata": { "name": "pod1", "annotations": { "color": "blue" } },
        "spec": {
          "containers": [
            { "name": "foo", "ports": [{ "port": 80 }, { "port": 443 }] },
            { "name": "bar", "ports": [{ "port": 8080 }] }
          ]
        },
        "status": { "phase": "Running", "ready": true, "restarts": 0, "osImage": "(\"Linux\")" }
      },
      {
        "metadata": { "name": "pod2" },
        "spec": { "containers": [{ "name": "baz", "ports": [] }] },
        "status": { "phase": "Pending", "ready": false, "restarts": 3, "osImage": "())(" }
      },
      {
        "metadata": { "name": "pod3", "annotations": { "color": "green" } },
        "spec": { "containers": [{ "name": "qux", "ports": [{ "port": 53 }] }] },
        "status": { "phase": "Running", "ready": true, "restarts": 12, "osImage": "{[()]}" }
      }
    ],
    "bools": [true, false, true, false],
    "integers": [1, 2, 3, 4],
    "floats": [1.5, 2.2, -3.25, 0.00001],
    "strings": ["one", "two", "three", "four"],
    "mixed": [true, "one", 1, 1.1],
    "nested": [[1, 2], [3, 4], [5]],
    "numbers": { "zero": 0, "minus": -7, "longest": 9223372036854775807, "least": -9223372036854775808, "half": 0.5, "tiny": 1.5e-9, "large": 1234567.5 },
    "texts": { "empty": "", "quotes": "it's \"so\"", "lines": "a\nb\tc", "html": "<a href=\"x\">&</a>", "umlaut": "Grüße 🚀", "line": "\u2028" },
    "nothing": null,
    "nulls": [null, 1, null],
    "none": [],
    "empty": {},
    "emptyInside": { "list": [], "map": {}, "deep": { "list": [[]] } },
    "points": [
      { "id": "i1", "x": 4, "y": -5 },
      { "id": "i2", "x": -2, "y": -5, "z": 1 },
      { "id": "i3", "x": 8, "y": 3 },
      { "id": "i4", "x": -6, "y": -1 },
      { "id": "i5", "x": 0, "y": 2, "z": 1 },
      { "id": "i6", "x": 1, "y": 4 },
      { "id": "i7", "x": null, "y": 4 }
    ],
    "users": [
      { "name": "myself", "user": {} },
      { "name": "e2e", "user": { "username": "admin", "password": "secret" } }
    ],
    "odd keys": 1,
    "a'b": 2,
    "$": 3,
    "größe": 4,
    "x.y": { "z": 5 },
    "constructor": "own"
  }
}`;
