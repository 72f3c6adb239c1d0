import type { PlacedLine, Point } from '../layout/placed.ts'
import { element, title, words } from './element.ts'

/** A reference from its key to its column: a bar at the one, a crow's foot at the many. */
export function renderLine({ line, points, junctions, label }: PlacedLine): string {
  const start = points[0]
  const end = points.at(-1)
  if (!start || !end) throw new TypeError(`${line.id} has no ends.`)
  const look = line.kind === 'reference' ? `line ${line.onDelete}` : 'line key'
  const dot = line.kind === 'reference' ? `dot ${line.onDelete}` : 'keydot'
  return element(
    'g',
    {},
    title(line.title),
    element('path', { class: line.kind === 'reference' ? `${look} reference` : look, d: pathOf(points) }),
    element('path', {
      class: look,
      d: `${bar(start.x + 6, start)}${line.isUnique ? bar(end.x - 6, end) : foot(end)}`,
    }),
    ...junctions.map(({ x, y }) => element('circle', { class: dot, cx: x, cy: y, r: 2.5 })),
    ...(label
      ? [words(line.onDelete, { class: `label ${line.onDelete}`, x: label.x, y: label.y + label.height - 3 })]
      : []),
  )
}

/** Along the corners, each a little rounded. */
function pathOf(points: readonly Point[]): string {
  const parts = points.map((point, index) => {
    const before = points[index - 1]
    const after = points[index + 1]
    if (!before) return `M${point.x} ${point.y}`
    if (!after) return `L${point.x} ${point.y}`
    const into = towards(point, before)
    const out = towards(point, after)
    return `L${into.x} ${into.y}Q${point.x} ${point.y} ${out.x} ${out.y}`
  })
  return parts.join('')
}

const radius = 4

/** The point at which the rounding of a corner begins, at most half way to its neighbour. */
function towards(corner: Point, neighbour: Point): Point {
  const [dx, dy] = [neighbour.x - corner.x, neighbour.y - corner.y]
  const length = Math.abs(dx) + Math.abs(dy)
  const share = length === 0 ? 0 : Math.min(radius, length / 2) / length
  return { x: corner.x + dx * share, y: corner.y + dy * share }
}

const bar = (x: number, { y }: Point): string => `M${x} ${y - 4}V${y + 4}`

const foot = ({ x, y }: Point): string => `M${x} ${y - 4}L${x - 8} ${y}L${x} ${y + 4}`
