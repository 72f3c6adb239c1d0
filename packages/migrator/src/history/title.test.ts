import { describe, expect, test } from '@jest/globals'
import { descriptionOf, titleOf } from './title.ts'

const titled = (script: string) => titleOf({ name: '004_generated_content', script })

describe('the title of a revision', () => {
  test.each([
    [
      'is the first comment line',
      '-- Generated content\n--\n-- More of it.\nCREATE TABLE t ();',
      'Generated content',
    ],
    [
      'is no entry of the header',
      '-- revises: 003\n-- depends-on: a@001\n-- Note: it is late\nSELECT 1',
      'Note: it is late',
    ],
    ['is there on Windows', '-- Generated content\r\nSELECT 1\r\n', 'Generated content'],
    ["is what the directory's name says, without a comment", 'SELECT 1\n-- not this', 'generated content'],
    [
      'is that too where only the header speaks',
      '-- revises: 003\n\n-- not this\nSELECT 1',
      'generated content',
    ],
  ])('%s', (_, script, title) => {
    expect(titled(script)).toBe(title)
  })

  test('is the whole name where nothing follows the id', () => {
    expect(titleOf({ name: '004', script: '' })).toBe('004')
  })
})

test('a description is the comment above the script, without the header', () => {
  const script = '--\n-- Title\n--\n-- What it does.\n--\n-- creates: t\nCREATE TABLE t ();\n-- inside'
  expect(descriptionOf({ script })).toEqual(['Title', '', 'What it does.'])
})
