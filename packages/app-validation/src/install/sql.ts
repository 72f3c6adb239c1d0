/** A quoted identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A string literal that means the same whatever `standard_conforming_strings` says. */
export function literal(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted
}
