import { describe, expect, test } from '@jest/globals'
import { mermaidMarker } from '../mermaid/mermaid.ts'
import { svgMarker } from '../svg/svg.ts'
import { model, schemaOf } from '../testing/model.ts'
import { comparePictures, obsoletePictures } from './compare.ts'
import { renderPictures } from './pictures.ts'

describe('pictures', () => {
  test('there are of every database, and of all together', async () => {
    const pictures = await renderPictures(model.schemas, model)
    expect([...pictures.keys()]).toEqual([
      'people.svg',
      'people.mmd',
      'notes.svg',
      'notes.mmd',
      'all-databases.svg',
      'all-databases.mmd',
    ])
    expect(await renderPictures(model.schemas, model)).toEqual(pictures)
  })

  test('of some databases come with that of all, which shows them too', async () => {
    const pictures = await renderPictures(model.schemas, { of: ['notes'] })
    expect([...pictures.keys()]).toEqual(['notes.svg', 'notes.mmd', 'all-databases.svg', 'all-databases.mmd'])
  })

  test('of a single database need none of all', async () => {
    expect([...(await renderPictures([schemaOf('people')])).keys()]).toEqual(['people.svg', 'people.mmd'])
  })
})

describe('comparePictures', () => {
  const files = (entries: Record<string, string>) => new Map(Object.entries(entries))
  const generated = `${svgMarker}\n<svg>\n</svg>\n`

  test('finds nothing where they agree, however many others there are', () => {
    const found = files({ 'a.svg': generated, 'drawn.svg': '<svg/>' })
    expect(comparePictures(files({ 'a.svg': generated }), found, 'docs')).toEqual([])
  })

  test('names the first line that differs', () => {
    const found = files({ 'a.svg': `${svgMarker}\n<svg>\nold\n</svg>\n` })
    expect(comparePictures(files({ 'a.svg': generated }), found, 'docs')).toMatchObject([
      { kind: 'diagram.stale', position: { file: 'docs/a.svg', line: 3, column: 1 } },
    ])
  })

  test('finds what is missing, and what was generated for a database that is gone', () => {
    const found = files({ 'old.mmd': `${mermaidMarker}\nerDiagram\n`, 'drawn.mmd': 'erDiagram\n' })
    expect(comparePictures(files({ 'a.svg': generated }), found, 'docs')).toMatchObject([
      { kind: 'diagram.missing', position: { file: 'docs/a.svg', line: 1 } },
      { kind: 'diagram.obsolete', position: { file: 'docs/old.mmd', line: 1 } },
    ])
    expect(obsoletePictures(files({}), found)).toEqual(['old.mmd'])
  })
})
