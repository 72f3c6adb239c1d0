import type { Area, Box, Drawing, Line } from '../drawing/drawing.ts'

/** A drawing whose every part has its place, in pixels from the left upper corner. */
export interface PlacedDrawing {
  readonly drawing: Drawing
  readonly width: number
  readonly height: number
  readonly areas: readonly PlacedArea[]
  readonly lines: readonly PlacedLine[]
}

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface PlacedArea extends Rectangle {
  readonly area: Area
  readonly boxes: readonly PlacedBox[]
}

export interface PlacedBox extends Rectangle {
  readonly box: Box
  readonly namesAt: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface PlacedLine {
  readonly line: Line
  /** From the referenced column to the referencing one, with the corners between. */
  readonly points: readonly Point[]
  /** Where it leaves another one that begins at the same column. */
  readonly junctions: readonly Point[]
  /** Where the action on delete is written. */
  readonly label?: Rectangle
}
