import { beforeAll, describe, expect, test } from '@jest/globals'
import { parseSchema, resolveReferences } from '@manybase/app-validation'
import { drawAll } from '../drawing/draw.ts'
import { model } from '../testing/model.ts'
import { layOut } from './layout.ts'
import { middleOf } from './metrics.ts'
import type { PlacedBox, PlacedDrawing, Point, Rectangle } from './placed.ts'

/** As in many applications: everything belongs to a user and to one thing, and most things to some other. */
const hub = () => {
  const schema = (models: string) => `datasource db {\n  provider = "postgresql"\n}\n${models}`
  const tables = Array.from(
    { length: 24 },
    (_, index) => `model T${index} {
  id String @id @db.Uuid
  /// @reference(people.User.id, onDelete: ${index % 3 === 0 ? 'Restrict' : 'Cascade'})
  userId String @db.Uuid
  ${index === 0 ? '' : 't0 T0 @relation("hub", fields: [t0Id], references: [id])\n t0Id String @db.Uuid'}
  ${index < 2 ? '' : `other T${index >> 1} @relation("other${index}", fields: [otherId], references: [id])\n otherId String @db.Uuid`}
  ${index === 0 ? Array.from({ length: 23 }, (_, other) => `a${other} T${other + 1}[] @relation("hub")`).join('\n') : ''}
  ${[2 * index, 2 * index + 1].flatMap((other) => (other >= 2 && other < 24 ? `b${other} T${other}[] @relation("other${other}")` : [])).join('\n')}
}`,
  )
  const schemas = [
    parseSchema('people', [{ file: 'a', text: schema('model User {\n  id String @id @db.Uuid\n}\n') }]),
    parseSchema('things', [{ file: 'b', text: schema(tables.join('\n')) }]),
  ]
  return { schemas, references: resolveReferences(schemas).references, groupOf: () => undefined }
}

const overlap = (a: Rectangle, b: Rectangle) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const contains = (outer: Rectangle, inner: Rectangle) =>
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height
/** The part of a line between two corners as a rectangle without its ends, which touch boxes. */
const between = (a: Point, b: Point): Rectangle => ({
  x: Math.min(a.x, b.x) + (a.x === b.x ? 0 : 0.5),
  y: Math.min(a.y, b.y) + (a.y === b.y ? 0 : 0.5),
  width: Math.max(0, Math.abs(a.x - b.x) - 1),
  height: Math.max(0, Math.abs(a.y - b.y) - 1),
})

function placeOf(row: string, boxes: readonly PlacedBox[]) {
  for (const place of boxes) {
    const index = place.box.rows.findIndex(({ id }) => id === row)
    if (index !== -1) return { ...place, middle: place.y + middleOf(index) }
  }
  throw new Error(`no box has ${row}`)
}

describe.each([
  { name: 'small databases', drawing: drawAll(model) },
  { name: '24 tables around one', drawing: drawAll(hub()) },
])('the layout of $name', ({ drawing }) => {
  let placed: PlacedDrawing
  let boxes: readonly PlacedBox[]
  beforeAll(async () => {
    placed = await layOut(drawing)
    boxes = placed.areas.flatMap((area) => area.boxes)
  })

  test('puts every table inside its database, and none over another', () => {
    for (const area of placed.areas) {
      expect(area.boxes.filter((box) => !contains(area, box))).toEqual([])
      expect(contains({ x: 0, y: 0, width: placed.width, height: placed.height }, area)).toBe(true)
    }
    const pairs = boxes.flatMap((a, index) => boxes.slice(index + 1).map((b) => [a, b] as const))
    expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([])
  })

  test('lets lines run from the right of the referenced column to the left of the referencing one', () => {
    for (const { line, points } of placed.lines) {
      const [from, to] = [placeOf(line.referenced, boxes), placeOf(line.referencing, boxes)]
      expect(points[0]?.x).toBeCloseTo(from.x + from.width, 0)
      expect(Math.abs((points[0]?.y ?? 0) - from.middle)).toBeLessThan(9)
      expect(points.at(-1)).toEqual({ x: to.x, y: to.middle })
    }
  })

  test('lets no line cross a table', () => {
    const segments = placed.lines.flatMap(({ points }) =>
      points.slice(1).map((point, index) => between(points[index] ?? point, point)),
    )
    expect(segments.filter((segment) => boxes.some((box) => overlap(segment, box)))).toEqual([])
  })

  test('writes what becomes of a row beside the line, where nothing else is', () => {
    const labels = placed.lines.flatMap(({ label }) => label ?? [])
    expect(labels).toHaveLength(drawing.lines.filter(({ kind }) => kind === 'reference').length)
    for (const label of labels) {
      expect(boxes.filter((box) => overlap(label, box))).toEqual([])
      expect(labels.filter((other) => other !== label && overlap(label, other))).toEqual([])
    }
  })
})

test('the same drawing is laid out the same every time', async () => {
  expect(await layOut(drawAll(model))).toEqual(await layOut(drawAll(model)))
})
