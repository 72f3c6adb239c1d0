import type { Drawing, Mark } from '../drawing/drawing.ts'
import { fontSize, markWidth, textWidth } from '../layout/metrics.ts'
import { renderMark } from './box.ts'
import { element, group, words } from './element.ts'
import { tintOf } from './style.ts'

interface Item {
  readonly width: number
  render(x: number, middle: number): string
}

const lineHeight = 24

/** What marks, colours and lines mean, in as many lines as the width asks for. */
export function renderLegend(drawing: Drawing, left: number, top: number, width: number) {
  const lines = [markItems(drawing), lineItems(drawing), groupItems(drawing)].flatMap((items) =>
    inLines(items, width),
  )
  const parts = lines.flatMap((items, index) => {
    let x = left
    return items.map((item) => {
      const part = item.render(x, top + index * lineHeight + lineHeight / 2)
      x += item.width
      return part
    })
  })
  return { height: lines.length * lineHeight, svg: group({}, ...parts) }
}

function inLines(items: readonly Item[], width: number): readonly (readonly Item[])[] {
  const lines: Item[][] = []
  let room = 0
  for (const item of items) {
    if (item.width > room) {
      lines.push([])
      room = width
    }
    lines.at(-1)?.push(item)
    room -= item.width
  }
  return lines
}

const meanings: Readonly<Record<Mark['kind'], string>> = {
  'primary key': 'primary key',
  'foreign key': 'foreign key',
  reference: 'reference to another database',
  unique: 'unique',
}

/** Only what the drawing has. */
function markItems({ areas }: Drawing): readonly Item[] {
  const rows = areas.flatMap(({ boxes }) => boxes.flatMap((box) => box.rows))
  const marks = rows.flatMap((row) => row.marks)
  const kinds = (['primary key', 'foreign key', 'reference', 'unique'] as const).filter((kind) =>
    marks.some((mark) => mark.kind === kind),
  )
  const items = kinds.map((kind) =>
    item(meanings[kind], markWidth, (x, middle) => renderMark({ kind, isPart: false }, x, middle)),
  )
  const part = marks.find(({ isPart }) => isPart)
  return [
    ...items,
    ...(part ? [item('together with others', markWidth, (x, middle) => renderMark(part, x, middle))] : []),
    ...(rows.some(({ type }) => type.endsWith('?'))
      ? [item('may be NULL', 12, (x, middle) => words('?', { class: 'quiet', x, y: middle + 4 }))]
      : []),
  ]
}

function lineItems({ lines }: Drawing): readonly Item[] {
  const actions = [...new Set(lines.flatMap(({ kind, onDelete }) => (kind === 'reference' ? onDelete : [])))]
  return [
    ...(lines.some(({ kind }) => kind === 'foreign key')
      ? [item('foreign key, from one to many', 42, stroke('line key'))]
      : []),
    ...actions
      .sort()
      .map((action) =>
        item(`across databases, on delete: ${action}`, 42, stroke(`line reference ${action}`)),
      ),
  ]
}

const groupItems = ({ groups }: Drawing): readonly Item[] =>
  groups.map((name) =>
    item(name, 22, (x, middle) =>
      element('rect', {
        class: `${tintOf(groups, name)} rule`,
        x,
        y: middle - 7,
        width: 15,
        height: 14,
        rx: 3,
      }),
    ),
  )

const stroke = (look: string) => (x: number, middle: number) =>
  element('path', { class: look, d: `M${x} ${middle}H${x + 34}` })

const item = (text: string, sample: number, render: (x: number, middle: number) => string): Item => ({
  width: sample + textWidth(text, fontSize.note) + 24,
  render: (x, middle) =>
    `${render(x, middle)}${words(text, { class: 'note', x: x + sample, y: middle + 4 })}`,
})
