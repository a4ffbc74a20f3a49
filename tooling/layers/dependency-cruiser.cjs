// The layers as rules for dependency-cruiser; what is in which layer is data (layers.json). An arrow may only point down:
// apps → adapters → shared → core. A package that layers.json does not name is an adapter. Folders examples/ and benchmarks/ are apps.

const { core, shared, apps } = require('./layers.json')

const any = (names) => `(?:${names.join('|')})`
const shareds = Object.keys(shared)
const source = (name) => `^packages/${name}/src/`

/** Workspace packages that are not below the one it comes from. `may` are the names of those that are. */
const onlyPackages = (name, from, may, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: '^(?:packages|examples|benchmarks)/', pathNot: `^packages/${any(may)}/` },
})

const forbidden = [
  {
    name: 'core-alone',
    comment: 'Core has no dependency: its source imports itself, and below src/node/ the modules of Node.',
    severity: 'error',
    from: { path: source(core) },
    to: { pathNot: source(core), dependencyTypesNot: ['core'] },
  },
  {
    name: 'core-without-node-modules',
    comment: 'What needs Node is behind @cbir/core/node (src/node/); the rest of core runs in a browser.',
    severity: 'error',
    from: { path: `${source(core)}(?!node/)` },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'core-without-its-node-part',
    comment: 'The browser part of core cannot import its Node part; hand in what it needs as an argument.',
    severity: 'error',
    from: { path: `${source(core)}(?!node/)` },
    to: { path: `${source(core)}node/` },
  },
  {
    name: 'conformance-imports-core-alone',
    comment: 'The kit must run under any test runner. Only src/vitest.ts knows vitest.',
    severity: 'error',
    from: { path: `${source('conformance')}(?!vitest\\.ts$)` },
    to: { pathNot: `^packages/${any([core, 'conformance'])}/src/`, dependencyTypesNot: ['core'] },
  },
  ...shareds.map((name) =>
    onlyPackages(`shared-${name}`, `^packages/${name}/`, [name, core, ...shared[name]], `${name} may import core and what layers.json names for it.`),
  ),
  onlyPackages(
    'adapter-imports-no-adapter',
    `^packages/(?!${any([core, ...shareds, ...apps])}/)([^/]+)/`,
    ['$1', core, ...shareds],
    'An adapter imports core, a shared layer and its own third-party library. What two adapters need belongs in core or a shared layer.',
  ),
  {
    name: 'tests-and-tooling-are-not-shipped',
    comment: 'Source that is published imports neither tests, nor tooling, nor the conformance kit.',
    severity: 'error',
    from: { path: '^packages/(?!conformance/)[^/]+/src/' },
    to: { path: ['^packages/[^/]+/test/', '^tooling/', '^packages/conformance/'] },
  },
  {
    name: 'declared-dependency',
    comment: 'Published source imports only what its package.json names under dependencies or peerDependencies.',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional', 'type-only'] },
  },
  {
    name: 'no-cycle',
    comment: 'Files that need each other are one idea in two files, or miss a third one below both.',
    severity: 'error',
    from: { path: '^packages/[^/]+/src/' },
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'resolvable',
    comment: 'A package that is not found escapes all other rules. (Files are left to the compiler, which also finds a lone .d.mts.)',
    severity: 'error',
    from: { path: '^(?:packages|examples|benchmarks)/' },
    to: { couldNotResolve: true, pathNot: '^[.]' },
  },
]

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '/node_modules/\\.cache/'] },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@cbir/source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json', '.node'],
    },
  },
}
