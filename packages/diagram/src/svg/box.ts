import type { Mark, Note, Row } from '../drawing/drawing.ts'
import { headHeight, inset, markWidth, middleOf, noteHeight, notesAt, tagOf } from '../layout/metrics.ts'
import type { PlacedBox } from '../layout/placed.ts'
import { element, group, title, words } from './element.ts'
import { tintOf } from './style.ts'

/** A table: its head, a row for each column, and what is noted below. */
export function renderBox(
  { box, x, y, width, height, namesAt }: PlacedBox,
  groups: readonly string[],
): string {
  const corners = { width, height, rx: 6 }
  return group(
    { transform: `translate(${x} ${y})` },
    element('rect', { class: 'box', ...corners }),
    element(
      'g',
      {},
      title(box.title),
      element('path', { class: `head ${tintOf(groups, box.group)}`, d: headPath(width) }),
      words(box.name, { class: 'name', x: inset, y: headHeight - 9 }),
      ...(box.group
        ? [words(tagOf(box.group), { class: 'note quiet end', x: width - inset, y: headHeight - 9 })]
        : []),
    ),
    ...box.rows.map((row, index) => renderRow(row, middleOf(index), width, namesAt)),
    ...box.notes.map((note, index) => renderNote(note, notesAt(box.rows.length) + index * noteHeight, width)),
    element('rect', { class: 'frame', ...corners }),
  )
}

/** Rounded above as the frame is, straight below. */
const headPath = (width: number): string =>
  `M0 ${headHeight}V6A6 6 0 0 1 6 0H${width - 6}A6 6 0 0 1 ${width} 6V${headHeight}z`

const renderRow = (row: Row, middle: number, width: number, namesAt: number): string =>
  element(
    'g',
    {},
    title(row.title),
    ...row.marks.map((mark, index) => renderMark(mark, inset + index * markWidth, middle)),
    words(row.name, { x: namesAt, y: middle + 4 }),
    words(row.type, { class: 'quiet end', x: width - inset, y: middle + 4 }),
  )

const marks = {
  'primary key': ['pk', 'PK'],
  'foreign key': ['fk', 'FK'],
  reference: ['ref', 'REF'],
  unique: ['uq', 'UQ'],
} as const

/** @param x its left edge */
export function renderMark({ kind, isPart }: Mark, x: number, middle: number): string {
  const [name, text] = marks[kind]
  return element(
    'g',
    isPart ? { class: 'part' } : {},
    element('rect', { class: name, x, y: middle - 6, width: markWidth - 3, height: 12, rx: 3 }),
    words(text, { class: 'mark', x: x + (markWidth - 3) / 2, y: middle + 3 }),
  )
}

const renderNote = (note: Note, top: number, width: number): string =>
  element(
    'g',
    {},
    title(note.title),
    element('path', { class: 'rule', d: `M0 ${top}H${width}` }),
    words(note.text, { class: 'note quiet', x: inset, y: top + 13 }),
  )
