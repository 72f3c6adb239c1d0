import { expect, test } from '@jest/globals'
import { splitStatements } from '@manybase/schema-engine/split'
import { echoOf } from './echo.ts'

const echoed = async (script: string) =>
  (await splitStatements(script)).map((statement) => echoOf({ statement }))

test('a statement is echoed as it stands in its script', async () => {
  expect(await echoed("INSERT INTO t\n  VALUES ('a');")).toEqual(["INSERT INTO t\n  VALUES ('a');"])
})

test.each([
  "CREATE ROLE app LOGIN PASSWORD 'hunter2'",
  "ALTER ROLE app PASSWORD 'hunter2'",
  "CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'app', password 'hunter2')",
  "CREATE SUBSCRIPTION s CONNECTION 'host=h password=hunter2' PUBLICATION p",
  "SELECT dblink('postgresql://app:hunter2@host/db', 'SELECT 1')",
])('no password is: %s', async (script) => {
  const [text] = await echoed(script)
  expect(text).not.toContain('hunter2')
  expect(text).toContain(script.slice(0, 10))
})
