import { describe, expect, test } from '@jest/globals'
import { drawAll, drawDatabase } from '../drawing/draw.ts'
import { layOut } from '../layout/layout.ts'
import { textWidth } from '../layout/metrics.ts'
import { model, schemaOf } from '../testing/model.ts'
import { renderSvg, svgMarker } from './svg.ts'

const all = renderSvg(await layOut(drawAll(model)))
const one = renderSvg(await layOut(drawDatabase(model, schemaOf('notes'))))

/** What is read in the picture, in its order. */
const textsOf = (svg: string): readonly string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = '']) => text)

describe('the SVG', () => {
  test('says that it is generated, and what it shows', () => {
    expect(all.startsWith(svgMarker)).toBe(true)
    expect(all).toContain('<title id="title">people, notes</title>')
    expect(all).toContain('<desc id="desc">The keys of people and notes,')
  })

  test('closes every element that it opens', () => {
    const open: string[] = []
    for (const [, slash, name, , self] of all.matchAll(/<(\/?)([a-z]+)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
      if (slash) expect(open.pop()).toBe(name)
      else if (!self && name !== undefined) open.push(name)
    }
    expect(open).toEqual([])
  })

  test('writes comments such that no character of theirs is markup', () => {
    expect(one).toContain('projects: What is &lt;being&gt; done')
    expect(one).toContain('a &quot;name&quot;')
  })

  test('has paper of its own and both looks, so that it can be read on any page', () => {
    expect(all).toContain('<rect class="paper"')
    expect(all).toContain('@media (prefers-color-scheme: dark)')
  })

  test('shows tables, columns and types, the action at a reference, and explains what it uses', () => {
    const texts = textsOf(all)
    for (const text of [
      'people',
      'users',
      'user_id',
      'uuid?',
      'Cascade',
      'SetNull',
      '+ 4 columns',
      '001_projects',
    ])
      expect(texts).toContain(text)
    expect(texts).toContain('across databases, on delete: Cascade')
    expect(textsOf(one).join('\n')).not.toContain('across databases')
  })

  test('says nothing of Restrict where nothing is', () => {
    expect(textsOf(all).join('\n')).not.toContain('Restrict')
  })

  test('keeps words inside of their table', () => {
    const rows = one.matchAll(
      /<text x="([\d.]+)" y="[\d.]+">([^<]*)<\/text><text class="quiet end" x="([\d.]+)" y="[\d.]+">([^<]*)</g,
    )
    const found = [...rows]
    expect(found.length).toBe(10)
    for (const [, left, name = '', right, type = ''] of found)
      expect(Number(left) + textWidth(name, 12) + 8).toBeLessThanOrEqual(Number(right) - textWidth(type, 12))
  })
})
