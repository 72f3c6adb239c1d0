// Which room may import which: docs/decisions/0003-import-rules.md. Each rule is tried on a violation of its
// own in e2e/import-rules.test.ts.

const workspace = '(?:(?:packages|apps|examples)/[^/]+|e2e|benchmarks|attack)'
const tests = ['[.]test[.]ts$', '/(?:testing|fixtures)/', '^e2e/']
const installed = (...names) => `(?:^|/)node_modules/(?:${names.join('|')})/`

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'databases-stand-apart',
      comment:
        'Two databases share no server, so their packages share no code: what joins them stands above both.',
      severity: 'error',
      from: { path: '^packages/(db-[^/]+)/' },
      to: { path: '^packages/db-', pathNot: '^packages/$1/' },
    },
    {
      name: 'databases-import-prisma-only',
      comment: 'A database package is usable by itself: Prisma, its driver and Node are all that it needs.',
      severity: 'error',
      from: {
        path: '^packages/(db-[^/]+)/',
        pathNot: [...tests, '/generated/', '/prisma[.]config[.]ts$', '/migrations/[^/]+/data[.]ts$'],
      },
      to: {
        pathNot: [
          '^packages/db-',
          '(?:^|/)generated/',
          installed('@prisma/[^/]+', 'prisma', 'pg', '@types/pg'),
        ],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'generic-packages-know-no-database',
      comment: 'Migrator, engine and validation are driven by a catalog, so that they serve any database.',
      severity: 'error',
      from: { path: '^packages/(?!db-)' },
      to: { path: ['^packages/db-', '(?:^|/)@socrates/'] },
    },
    {
      name: 'packages-know-no-app',
      comment: 'Apps stand on packages, and what tries or shows them stands on both.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(?:apps|examples|e2e|benchmarks|attack)/' },
    },
    {
      name: 'no-reach-past-exports',
      comment: 'A package is imported by its name, so that its `exports` say what others may rely on.',
      severity: 'error',
      from: { path: `^(${workspace})/` },
      to: { pathNot: '^$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'one-file-touches-generated',
      comment: 'The rest imports src/client.ts, so that a change of Prisma’s output is met in one place.',
      severity: 'error',
      from: { pathNot: ['^packages/db-[^/]+/src/client[.]ts$', '/generated/'] },
      to: { path: '(?:^|/)generated/', pathNot: ['/node_modules/', 'generated/references[.]ts$'] },
    },
    {
      name: 'one-file-touches-references',
      comment: 'And src/catalog.ts the schema as data, which is usable where the client isn’t.',
      severity: 'error',
      from: { pathNot: ['^packages/db-[^/]+/src/catalog[.]ts$', '/generated/'] },
      to: { path: '(?:^|/)generated/references[.]ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'Modules that import each other cannot be read, tested or moved by themselves.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-tests-in-source',
      comment: 'What is shipped doesn’t depend on what tries it.',
      severity: 'error',
      from: { pathNot: [...tests, '^(?:benchmarks|attack)/'] },
      to: { path: [...tests, installed('@jest/globals', 'fast-check')] },
    },
    {
      name: 'only-the-cli-runs-commands',
      comment: 'Commands compose; what two of them need is a module of the domain.',
      severity: 'error',
      from: { pathNot: ['/src/cli[.]ts$', ...tests] },
      to: { path: '/src/commands/', pathNot: '/src/commands/command[.]ts$' },
    },
    {
      name: 'declared-dependencies',
      comment: 'What isn’t found is missing in package.json, or is not among the `exports` of its package.',
      severity: 'error',
      from: {},
      // The clients are made by `generate`, which this check doesn't need.
      to: { couldNotResolve: true, pathNot: '(?:^|/)generated/' },
    },
    {
      name: 'no-dev-dependencies-in-source',
      comment: 'What is shipped runs where the devDependencies of its package are not installed.',
      severity: 'error',
      from: { path: '^(?:packages|apps)/[^/]+/(?:src|bin)/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'type-import'] },
    },
  ],
  options: {
    // Not TypeScript 7, which has no JavaScript API, but the release that pnpm-workspace.yaml gives this tool.
    parser: 'tsc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['(?:^|/)node_modules/', '(?:^|/)generated/'] },
    exclude: { path: `^${workspace}/dist/` },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.d.ts'],
    },
  },
}
