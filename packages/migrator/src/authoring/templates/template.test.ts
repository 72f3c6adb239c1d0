import { describe, expect, test } from '@jest/globals'
import { splitStatements } from '@manybase/schema-engine/split'
import { readBatchStatement } from '../../data/statement.ts'
import { fill, placeholdersOf } from './template.ts'
import { templates } from './templates.ts'

const values = new Map([
  ['table', 'pears'],
  ['column', 'size'],
  ['type', 'text'],
  ['old_type', 'int'],
  ['value', "'x'"],
])
const named = (names: readonly string[]) => new Map(names.map((name) => [name, values.get(name) ?? name]))

describe.each(Object.entries(templates))('the template %s', (name, template) => {
  test('is refused by PostgreSQL until its placeholders are filled', async () => {
    expect(placeholdersOf(template).length).toBeGreaterThan(0)
    // Within a literal or a body nothing looks like a mistake to the grammar.
    if (name !== 'enum-value') await expect(splitStatements(template.up)).rejects.toThrow()
  })

  test('is SQL in both directions afterwards', async () => {
    const filled = fill(
      template,
      name === 'enum-value'
        ? new Map([
            ['enum', 'e'],
            ['value', 'v'],
          ])
        : named(placeholdersOf(template)),
    )
    expect(placeholdersOf(filled)).toEqual([])
    const { afterData } = filled
    for (const script of [filled.up, filled.down, ...(afterData ? [afterData.up, afterData.down] : [])]) {
      expect((await splitStatements(script)).length).toBeGreaterThan(0)
    }
    if (filled.data !== undefined) {
      expect(await readBatchStatement(filled.data)).toMatchObject({ statement: { endless: undefined } })
    }
  })
})
