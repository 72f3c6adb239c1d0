import { counted } from '../drawing/names.ts'
import type { PlacedArea, PlacedDrawing } from '../layout/placed.ts'
import { renderBox } from './box.ts'
import { element, group, title, words } from './element.ts'
import { renderLegend } from './legend.ts'
import { renderLine } from './line.ts'
import { style } from './style.ts'

const margin = 24

/** Tells a generated picture from one that somebody drew. */
export const svgMarker = '<!-- Generated from the Prisma schemas: edit these, and run db diagram. -->'

/** The picture as a file: it brings its own paper, and looks right on a light page and on a dark one. */
export function renderSvg({ drawing, width, height, areas, lines }: PlacedDrawing): string {
  const legend = renderLegend(drawing, margin, margin + height + 16, width)
  const paper = { width: width + 2 * margin, height: height + legend.height + 2 * margin + 12 }
  const svg = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${paper.width} ${paper.height}`,
      ...paper,
      role: 'img',
      'aria-labelledby': 'title desc',
    },
    '\n',
    [
      element('title', { id: 'title' }, drawing.title),
      element('desc', { id: 'desc' }, drawing.description),
      element('style', {}, style),
      element('rect', { class: 'paper', ...paper, rx: 12 }),
      group(
        { transform: `translate(${margin} ${margin})` },
        ...areas.map(renderArea),
        ...[...lines].sort(referencesLast).map(renderLine),
        ...areas.flatMap(({ boxes }) => boxes.map((box) => renderBox(box, drawing.groups))),
      ),
      legend.svg,
    ].join('\n'),
    '\n',
  )
  return `${svgMarker}\n${svg}\n`
}

const renderArea = ({ area, x, y, width, height }: PlacedArea): string =>
  element(
    'g',
    {},
    title(`${area.database}: ${counted(area.boxes.length, 'table')}`),
    element('rect', { class: 'area', x, y, width, height, rx: 10 }),
    words(area.database, { class: 'title', x: x + 24, y: y + 32 }),
    words(counted(area.boxes.length, 'table'), { class: 'quiet end', x: x + width - 24, y: y + 32 }),
  )

/** What is said of other databases lies above what is said inside of one. */
const referencesLast = (a: PlacedDrawing['lines'][number], b: PlacedDrawing['lines'][number]): number =>
  Number(a.line.kind === 'reference') - Number(b.line.kind === 'reference')
