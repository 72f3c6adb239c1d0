import { expect, test } from '@jest/globals'
import { readHeader } from '@manybase/schema-engine/script'
import { descriptionOf, titleOf } from '../history/title.ts'
import { renderHeader } from './header.ts'

test('a header is read back as it was written', () => {
  const script = `${renderHeader({
    title: 'Add notes',
    description: 'People asked for them.\nOften.',
    revises: ['008', '009'],
    dependsOn: ['auth@001'],
    transaction: 'none',
    creates: ['notes'],
    database: 'specs',
  })}\nSELECT 1;\n`
  expect(readHeader(script)).toEqual({
    revises: ['008', '009'],
    dependsOn: ['auth@001'],
    transaction: 'none',
    creates: ['notes'],
  })
  expect(titleOf({ script, name: '010_x' })).toBe('Add notes')
  expect(descriptionOf({ script })).toEqual(['Add notes', '', 'People asked for them.', 'Often.'])
})

test('what is not said is left out', () => {
  expect(renderHeader({ title: 'Add notes', database: 'specs' })).toBe(
    '-- Add notes\n--\n-- database: specs\n',
  )
})
