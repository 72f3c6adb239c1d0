/** A script to begin with. A placeholder is `<name>`, which PostgreSQL refuses until somebody has filled it in. */
export interface Template {
  readonly summary: string
  readonly up: string
  readonly down: string
}

const placeholder = /<([a-z]+(?:_[a-z]+)*)>/g

/** Names of a template's placeholders, in their order. */
export const placeholdersOf = ({ up, down }: Template): readonly string[] => [
  ...new Set([...`${up}${down}`.matchAll(placeholder)].map(([, name = '']) => name)),
]

/** Puts values for placeholders; those without one stay. */
export function fill(template: Template, values: ReadonlyMap<string, string>): Template {
  const put = (text: string) => text.replaceAll(placeholder, (whole, name) => values.get(name) ?? whole)
  return { ...template, up: put(template.up), down: put(template.down) }
}
