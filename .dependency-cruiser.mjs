/**
 * The import table of docs/ARCHITECTURE.md as data. Each key is a folder (or a file) of src; `values`
 * may be imported whole, `types` only as types. Everything else is news worth discussing.
 */
export const table = [
  { from: "base/", values: [] },
  { from: "wire/", values: ["base/"] },
  { from: "config/", values: ["base/"] },
  { from: "core/step", values: ["base/"] },
  { from: "core/claim", values: ["base/"] },
  {
    from: "core/channel/",
    values: [
      "base/",
      "core/step",
      "core/claim",
      "wire/message",
      "wire/header",
      "wire/standard-fields",
    ],
    types: ["wire/", "config/"],
  },
  {
    from: "core/cluster/",
    values: ["base/", "core/step", "core/claim", "wire/message"],
    types: ["wire/", "config/", "core/channel/report", "core/firewall/words"],
  },
  { from: "core/firewall/", values: ["base/"], types: ["core/channel/report"] },
  { from: "linux/", values: ["base/"] },
  { from: "media/", values: ["base/", "linux/"], types: ["config/"] },
  { from: "resources/", values: ["base/", "linux/"], types: ["config/"] },
  { from: "inspect/", values: ["base/", "linux/"], types: ["config/"] },
  { from: "control/", values: ["base/"], types: ["core/", "config/"] },
  { from: "journal/", values: ["base/"], types: ["core/", "config/"] },
  {
    // loop.ts and its parts, loop-*.ts: pure.
    from: "pulse/loop",
    values: ["base/", "wire/", "core/channel/", "core/step", "core/claim", "pulse/loop"],
    types: ["pulse/", "config/"],
  },
  {
    from: "pulse/",
    values: ["base/", "wire/", "core/channel/", "core/step", "core/claim", "media/", "linux/"],
    types: ["config/"],
  },
  {
    from: "daemon/node.ts",
    values: ["base/", "wire/", "config/", "core/cluster/", "core/step", "core/claim"],
    types: ["daemon/", "pulse/link", "core/channel/report", "control/", "resources/"],
  },
  {
    from: "daemon/",
    values: [
      "base/",
      "wire/",
      "config/",
      "core/cluster/",
      "core/firewall/",
      "core/step",
      "core/claim",
      "resources/",
      "inspect/",
      "journal/",
      "control/server",
      "control/protocol",
      "linux/",
      "pulse/link",
    ],
    types: ["core/channel/report", "control/"],
  },
  {
    from: "sim/",
    values: [
      "base/",
      "wire/",
      "config/",
      "core/",
      "pulse/loop",
      "pulse/environment",
      "pulse/link",
      "daemon/node",
      "daemon/environment",
    ],
    types: ["media/", "resources/", "control/", "journal/"],
  },
  { from: "lab/", values: ["base/", "linux/"] },
  { from: "lab/story/", values: ["lab/", "base/", "linux/", "control/client"] },
  { from: "lab/acceptance/", values: ["lab/", "base/", "linux/", "control/client"] },
  {
    from: "cli/",
    values: [
      "base/",
      "control/client",
      "control/protocol",
      "config/",
      "core/cluster/exclusive",
      "inspect/",
      "sim/",
      "lab/",
    ],
    types: ["core/"],
  },
];

const literal = (path) => path.replace(/[.]/g, "\\.");
const sources = (path) => `^src/${literal(path)}`;
/** A row speaks for what no more specific row speaks for. */
const narrower = (row) =>
  table
    .filter((other) => other !== row && other.from.startsWith(row.from))
    .map((other) => sources(other.from));
const own = (from) =>
  from.endsWith("/")
    ? [sources(from)]
    : [
        `^src/${literal(from.slice(0, from.lastIndexOf("/") + 1))}${from.includes("/step") ? "step" : "."}`,
      ];

const rows = table.flatMap((row) => {
  const from = { path: sources(row.from), pathNot: [...narrower(row), "\\.test\\.ts$"] };
  const values = row.values.map(sources);
  const types = (row.types ?? []).map(sources);
  const inside = row.from.endsWith("/") ? own(row.from) : [];
  return [
    {
      name: `${row.from}-imports`,
      comment: `src/${row.from} may import ${[...row.values, ...(row.types ?? []).map((t) => `types of ${t}`)].join(", ") || "nothing"}: the import table in docs/ARCHITECTURE.md.`,
      severity: "error",
      from,
      to: { path: "^src/", pathNot: [...inside, ...values, ...types] },
    },
    ...(types.length === 0
      ? []
      : [
          {
            name: `${row.from}-only-types`,
            comment: `What src/${row.from} takes from ${(row.types ?? []).join(", ")} are types alone (import type).`,
            severity: "error",
            from,
            to: { path: types, pathNot: [...inside, ...values], dependencyTypesNot: ["type-only"] },
          },
        ]),
  ];
});

export default {
  forbidden: [
    ...rows,
    {
      name: "no-circular",
      severity: "error",
      comment: "Imports flow one way.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "pure-folders-know-no-node-module",
      severity: "error",
      comment:
        "The core, the wire, the configuration and the simulator do no I/O (wire/signature.ts takes only the hashes of node:crypto, wire/inflate.ts only inflateSync of node:zlib: both are pure).",
      from: {
        path: "^src/(base|wire|config|core|sim)/|^src/pulse/loop|^src/daemon/node\\.ts",
        pathNot: ["\\.test\\.ts$", "^src/wire/(signature|inflate)\\.ts$"],
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "ffi-only-in-linux",
      severity: "error",
      comment: "koffi is loaded in one module, src/linux/sys.ts: a wrong signature is a crash.",
      from: { path: "^src/", pathNot: "^src/linux/sys\\.ts$" },
      to: { path: "node_modules/koffi" },
    },
    {
      name: "no-dep-on-test",
      severity: "error",
      comment: "What ships does not import its tests.",
      from: { path: "^src/", pathNot: "\\.test\\.ts$" },
      to: { path: "^test/|\\.test\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
  },
};
