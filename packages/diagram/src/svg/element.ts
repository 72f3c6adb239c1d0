type Attributes = Readonly<Record<string, string | number | undefined>>

/** An element of the picture, whose children are elements already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : ` ${key}="${escaped(String(value))}"`,
  )
  const start = `<${name}${written.join('')}`
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`
}

/** A line of words. */
export const words = (text: string, attributes: Attributes): string =>
  element('text', attributes, escaped(text))

/** What is shown on hovering over the element that it stands first in, and read out. */
export const title = (text: string): string => element('title', {}, escaped(text))

/** Parts that belong together, each on a line of its own, so that a change of one is a change of few lines. */
export const group = (attributes: Attributes, ...children: readonly string[]): string =>
  element('g', attributes, '\n', children.join('\n'), '\n')

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] ?? '')
