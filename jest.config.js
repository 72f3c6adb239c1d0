// Tests run the same ES modules that users import; swc only strips the types.
const project = (name, patterns, more = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch: patterns.map((pattern) => `<rootDir>/${pattern}`),
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/generated/', ...(more.ignore ?? [])],
  modulePathIgnorePatterns: ['<rootDir>/.data', '<rootDir>/.cache'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  ...more.settings,
})

const withPostgres = {
  globalSetup: '<rootDir>/packages/local-postgres/src/testing/jest-setup.ts',
  globalTeardown: '<rootDir>/packages/local-postgres/src/testing/jest-teardown.ts',
}

export default {
  maxWorkers: 2,
  testTimeout: 120_000,
  projects: [
    project(
      'unit',
      [
        'packages/*/src/**/*.test.ts',
        'apps/*/src/**/*.test.ts',
        'benchmarks/src/**/*.test.ts',
        'attack/src/**/*.test.ts',
      ],
      {
        ignore: ['\\.integration\\.test\\.ts$'],
      },
    ),
    project(
      'integration',
      [
        'packages/*/src/**/*.integration.test.ts',
        'apps/*/src/**/*.integration.test.ts',
        'benchmarks/src/**/*.integration.test.ts',
      ],
      { settings: withPostgres },
    ),
    project('e2e', ['e2e/**/*.test.ts', 'attack/src/**/*.integration.test.ts'], { settings: withPostgres }),
  ],
}
