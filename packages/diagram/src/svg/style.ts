import { fontSize } from '../layout/metrics.ts'

/** One look by day, one by night: the colour of each class in both. */
const colours: readonly (readonly [selector: string, property: string, light: string, dark: string])[] = [
  ['.paper', 'fill', '#ffffff', '#0d1117'],
  ['.area', 'fill', '#f6f8fa', '#151b23'],
  ['.area', 'stroke', '#d0d7de', '#3d444d'],
  ['.box', 'fill', '#ffffff', '#0d1117'],
  ['.frame, .rule', 'stroke', '#8c959f', '#656c76'],
  ['text', 'fill', '#1f2328', '#f0f6fc'],
  ['.quiet', 'fill', '#59636e', '#9198a1'],
  ['.key', 'stroke', '#6e7781', '#8b949e'],
  ['.keydot', 'fill', '#6e7781', '#8b949e'],
  ['.pk', 'fill', '#9a6700', '#d29922'],
  ['.fk', 'fill', '#57606a', '#8b949e'],
  ['.uq', 'fill', '#0969da', '#388bfd'],
  ['.ref', 'fill', '#bc4c00', '#f0883e'],
  ['.mark', 'fill', '#ffffff', '#0d1117'],
  ['.part .mark', 'fill', '#1f2328', '#f0f6fc'],
]

/** One colour for what becomes of a row that refers to another database. */
const actions = {
  Cascade: ['#bc4c00', '#f0883e'],
  SetNull: ['#8250df', '#bc8cff'],
  Restrict: ['#cf222e', '#ff7b72'],
  Keep: ['#1a7f37', '#3fb950'],
} as const

/** One tint for the heads of the tables that came together. */
const tints = [
  ['#cfe8ff', '#0f3a66'],
  ['#d2f4d3', '#14492a'],
  ['#fff3b0', '#574300'],
  ['#ecdcff', '#46287a'],
  ['#ffd9d6', '#6b2222'],
  ['#c6f1ee', '#0b4a4d'],
  ['#ffe1c2', '#633608'],
  ['#ffd6ec', '#63194a'],
  ['#e3ecc0', '#3d4a12'],
  ['#dfe3ea', '#3a424f'],
] as const

/** The class of a group's tables; without a group they are plain. */
export const tintOf = (groups: readonly string[], group: string | undefined): string =>
  group === undefined ? 'plain' : `tint${groups.indexOf(group) % tints.length}`

const rules = [
  ...colours,
  ...Object.entries(actions).flatMap(([name, [light, dark]]) => [
    [`.line.${name}`, 'stroke', light, dark] as const,
    [`.dot.${name}, text.${name}`, 'fill', light, dark] as const,
  ]),
  ...tints.map(([light, dark], index) => [`.tint${index}`, 'fill', light, dark] as const),
  ['.plain', 'fill', '#f0f2f5', '#21262d'] as const,
]

const colour = (index: 2 | 3) => rules.map((rule) => `${rule[0]} { ${rule[1]}: ${rule[index]} }`).join('\n')

export const style = `
text { font: ${fontSize.row}px ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace }
.name { font-size: ${fontSize.name}px; font-weight: 600 }
.title { font-size: ${fontSize.title}px; font-weight: 600 }
.note { font-size: ${fontSize.note}px }
.label { font-size: ${fontSize.label}px }
.mark { font-size: 9px; font-weight: 700; text-anchor: middle }
.part rect { fill-opacity: .25 }
.end { text-anchor: end }
.box, .head, .paper { stroke: none }
.frame { fill: none }
.rule { stroke-width: .5 }
.line { fill: none; stroke-width: 1.25 }
.reference { stroke-dasharray: 5 3 }
${colour(2)}
@media (prefers-color-scheme: dark) {
${colour(3)}
}
`
