import type { ElkExtendedEdge, ElkLabel, ElkNode, ElkPort, LayoutOptions } from 'elkjs/lib/elk-api.js'
import type { Area, Box, Drawing, Line } from '../drawing/drawing.ts'
import { touchedRows } from '../drawing/lines.ts'
import { fontSize, middleOf, sizeOf, textWidth } from './metrics.ts'

/** Room above the tables of a database for its name. */
const areaPadding = '[top=52,left=24,bottom=24,right=24]'

/** What the layout is asked for: https://eclipse.dev/elk/reference/options.html */
const options = (layerBound: number): LayoutOptions => ({
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  // A hub that everything refers to would put all others into one endless layer.
  'elk.layered.layering.strategy': 'COFFMAN_GRAHAM',
  'elk.layered.layering.coffmanGraham.layerBound': String(layerBound),
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.thoroughness': '30',
  'elk.randomSeed': '1',
  'elk.spacing.nodeNode': '26',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '10',
  'elk.layered.spacing.nodeNodeBetweenLayers': '44',
  'elk.layered.spacing.edgeNodeBetweenLayers': '20',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
})

/** The drawing as the layout reads it: areas hold boxes, and lines run between ports at the rows. */
export function graphOf({ areas, lines }: Drawing): ElkNode {
  const boxes = areas.flatMap((area) => area.boxes)
  const layoutOptions = options(layerBoundOf(boxes))
  return {
    id: 'root',
    layoutOptions: { ...layoutOptions, 'elk.padding': '[top=0,left=0,bottom=0,right=0]' },
    children: areas.map((area) => areaNode(area, lines, layoutOptions)),
    edges: lines.map(edgeOf),
  }
}

/** How many tables stand above each other, so that the whole comes out a little wider than high. */
function layerBoundOf(boxes: readonly Box[]): number {
  const sizes = boxes.map(sizeOf)
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length
  const width = mean(sizes.map((size) => size.width)) + 150
  const height = mean(sizes.map((size) => size.height)) + 28
  return Math.max(2, Math.round(Math.sqrt((boxes.length * width) / height / 1.2)))
}

const areaNode = (
  { database, boxes }: Area,
  lines: readonly Line[],
  layoutOptions: LayoutOptions,
): ElkNode => {
  const touched = touchedRows(lines)
  return {
    id: database,
    layoutOptions: { ...layoutOptions, 'elk.padding': areaPadding },
    children: boxes.map((box) => boxNode(box, lines, touched)),
  }
}

function boxNode(box: Box, lines: readonly Line[], touched: ReadonlySet<string>): ElkNode {
  const { width, height } = sizeOf(box)
  const ports = box.rows.flatMap(({ id }, index): readonly ElkPort[] => {
    if (!touched.has(id)) return []
    const y = middleOf(index)
    const kinds = outgoingKinds(lines, id)
    const above = ((kinds.length - 1) * apart) / 2
    return [
      ...(lines.some((line) => line.referencing === id) ? [port(incoming(id), 0, y, 'WEST')] : []),
      ...kinds.map((kind, place) => port(`${id} ${kind}`, width, y - above + apart * place, 'EAST')),
    ]
  })
  return { id: box.id, width, height, ports, layoutOptions: { 'elk.portConstraints': 'FIXED_POS' } }
}

/** Pixels between the lines of different kinds that leave one row. */
const apart = 4

const port = (id: string, x: number, y: number, side: 'WEST' | 'EAST'): ElkPort => ({
  id,
  x,
  y,
  width: 0,
  height: 0,
  layoutOptions: { 'elk.port.side': side },
})

const incoming = (row: string) => `${row} in`

/** Lines of one kind leave a row together, so that what is said in one colour is one tree. */
const outgoingKinds = (lines: readonly Line[], row: string): readonly string[] =>
  [...new Set(lines.filter(({ referenced }) => referenced === row).map(kindOf))].sort()

const kindOf = ({ kind, onDelete }: Line): string => (kind === 'reference' ? `reference ${onDelete}` : kind)

const edgeOf = (line: Line): ElkExtendedEdge => ({
  id: line.id,
  sources: [`${line.referenced} ${kindOf(line)}`],
  targets: [incoming(line.referencing)],
  ...(line.kind === 'reference' && { labels: [endLabel(line)] }),
})

/** Room beside the referencing column for what becomes of its row. */
const endLabel = ({ onDelete }: Line): ElkLabel => ({
  text: onDelete,
  width: textWidth(onDelete, fontSize.label) + 12,
  height: fontSize.label + 2,
  layoutOptions: { 'elk.edgeLabels.placement': 'HEAD' },
})
