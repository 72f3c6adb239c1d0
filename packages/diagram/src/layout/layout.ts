import elkjs, {
  type ElkExtendedEdge,
  type ElkNode,
  type ElkPoint,
  type ElkShape,
} from 'elkjs/lib/elk.bundled.js'
import type { Area, Drawing } from '../drawing/drawing.ts'
import { graphOf } from './graph.ts'
import { sizeOf } from './metrics.ts'
import type { PlacedArea, PlacedDrawing, PlacedLine, Point, Rectangle } from './placed.ts'

/** Gives every part of a drawing its place: the same place for the same drawing, on every machine. */
export async function layOut(drawing: Drawing): Promise<PlacedDrawing> {
  const root = await new elkjs.default().layout(graphOf(drawing))
  const areas = drawing.areas.map((area) => placeArea(area, childOf(root, area.database)))
  const origins = new Map<string, Point>([
    [root.id, { x: 0, y: 0 }],
    ...areas.map(({ area, x, y }) => [area.database, { x, y }] as const),
  ])
  const edges = edgesIn(root)
  return {
    drawing,
    width: ceil(root.width),
    height: ceil(root.height),
    areas,
    lines: drawing.lines.map((line): PlacedLine => {
      const edge = found(edges.get(line.id), line.id)
      const from = found(origins.get(edge.container ?? root.id), line.id)
      const label = edge.labels?.[0]
      return {
        line,
        ...(label && { label: rectangle(label, from) }),
        points: (edge.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) =>
          [startPoint, ...bendPoints, endPoint].map((point) => move(point, from)),
        ),
        junctions: (edge.junctionPoints ?? []).map((point) => move(point, from)),
      }
    }),
  }
}

function placeArea(area: Area, node: ElkNode): PlacedArea {
  const place = rectangle(node)
  const boxes = area.boxes.map((box) => ({
    ...rectangle(childOf(node, box.id), place),
    box,
    namesAt: sizeOf(box).namesAt,
  }))
  return { ...place, area, boxes }
}

/** Edges lie with the innermost node that holds both ends. */
function edgesIn({ edges = [], children = [] }: ElkNode): ReadonlyMap<string, ElkExtendedEdge> {
  return new Map([
    ...edges.map((edge) => [edge.id, edge] as const),
    ...children.flatMap((child) => [...edgesIn(child)]),
  ])
}

const childOf = ({ children = [] }: ElkNode, id: string): ElkNode =>
  found(
    children.find((child) => child.id === id),
    id,
  )

function found<T>(part: T | undefined, id: string): T {
  if (part === undefined) throw new TypeError(`The layout has no place for ${id}.`)
  return part
}

const rectangle = (
  { x = 0, y = 0, width = 0, height = 0 }: ElkShape,
  from: Point = { x: 0, y: 0 },
): Rectangle => ({ ...move({ x, y }, from), width: half(width), height: half(height) })

const move = ({ x, y }: ElkPoint, from: Point): Point => ({ x: half(from.x + x), y: half(from.y + y) })

/** To half a pixel: what lies behind it is noise. */
const half = (value: number): number => Math.round(value * 2) / 2

const ceil = (value = 0): number => Math.ceil(value)
