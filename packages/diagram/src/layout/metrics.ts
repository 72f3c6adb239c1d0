import type { Box, Row } from '../drawing/drawing.ts'

/**
 * Sizes in pixels. All words are in a monospaced face, so that their width follows from their length on every
 * machine: no such face that is in use is wider than this.
 */
const advance = 0.62

export const fontSize = { name: 13, row: 12, note: 11, label: 10, title: 17 } as const

const rowHeight = 18
export const headHeight = 28
export const noteHeight = 18
/** Between a box's edge and its words. */
export const inset = 9
export const markWidth = 24
/** Between the name of a column and its type. */
const gap = 16

export const textWidth = (text: string, size: number): number => Math.ceil([...text].length * advance * size)

/** What a table takes, and where in it the names of its columns begin. */
export interface BoxSize {
  readonly width: number
  readonly height: number
  readonly namesAt: number
}

export function sizeOf({ name, group, rows, notes }: Box): BoxSize {
  const namesAt = inset + most(rows.map(({ marks }) => marks.length)) * markWidth + 2
  const head =
    2 * inset + textWidth(name, fontSize.name) + (group ? gap + textWidth(tagOf(group), fontSize.note) : 0)
  const body = namesAt + most(rows.map(rowWidth)) + inset
  const foot = 2 * inset + most(notes.map(({ text }) => textWidth(text, fontSize.note)))
  return {
    width: Math.max(head, body, foot, 120),
    height: notesAt(rows.length) + notes.length * noteHeight + (notes.length === 0 ? 0 : 3),
    namesAt,
  }
}

const rowWidth = ({ name, type }: Row): number =>
  textWidth(name, fontSize.row) + gap + textWidth(type, fontSize.row)

const most = (numbers: readonly number[]): number => Math.max(0, ...numbers)

/** The middle of a row, from the top of its box. */
export const middleOf = (index: number): number => headHeight + 4 + index * rowHeight + rowHeight / 2

/** Where the notes begin below that many rows, from the top of the box. */
export const notesAt = (rows: number): number => headHeight + 8 + rows * rowHeight

/** How a group is called in the head of a table: `003` of `003_core_specification`. */
export const tagOf = (group: string): string => group.split('_', 1)[0] ?? group
