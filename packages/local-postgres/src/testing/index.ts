export type { TestDatabase } from './databases.ts'
export { startTestServer, type TestRun } from './start.ts'
export { templateDatabase } from './template.ts'
export { type TestServer, testServer } from './test-server.ts'
