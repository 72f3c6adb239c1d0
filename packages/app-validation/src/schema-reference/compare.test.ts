import { describe, expect, test } from '@jest/globals'
import { comparePages, obsoletePages } from './compare.ts'
import { marker } from './page.ts'

const pages = (entries: Record<string, string>) => new Map(Object.entries(entries))
const generated = `${marker}\n\n# auth\n`

describe('comparePages', () => {
  test('finds nothing where the pages agree', () => {
    expect(comparePages(pages({ 'auth.md': generated }), pages({ 'auth.md': generated }), 'docs')).toEqual([])
  })

  test('names the first line that differs', () => {
    const found = comparePages(
      pages({ 'auth.md': `${generated}\nmore` }),
      pages({ 'auth.md': generated }),
      'docs',
    )
    expect(found).toMatchObject([
      { kind: 'schemaReference.stale', position: { file: 'docs/auth.md', line: 4 } },
    ])
  })

  test('finds a page that is missing', () => {
    expect(comparePages(pages({ 'auth.md': generated }), pages({}), 'docs')).toMatchObject([
      { kind: 'schemaReference.missing', position: { file: 'docs/auth.md' } },
    ])
  })

  test('finds a generated page whose database is gone, and leaves what people wrote', () => {
    const found = pages({ 'old.md': generated, 'README.md': '# By hand' })
    expect(comparePages(pages({}), found, 'docs').map(({ kind }) => kind)).toEqual([
      'schemaReference.obsolete',
    ])
    expect(obsoletePages(pages({}), found)).toEqual(['old.md'])
  })
})
