const call = /^Invalid (`[^`]+`) invocation/
/** PostgreSQL's own two ways to quote a value; what else it quotes are names of tables and constraints. */
const quoted = /(: |value )"[\s\S]*?"(?=$|[`\s])/g

/**
 * A message fit for a log. Prisma's errors print all arguments of a refused call, and PostgreSQL's repeat the
 * value that could not be read; what remains is the call and the reason, on one line.
 */
export function withoutValues(message: string): string {
  const text = message.trim()
  const name = call.exec(text)?.[1]
  const reason = name === undefined ? text : (text.split(/\n\s*\n/).at(-1) ?? '')
  const safe = reason.replaceAll(quoted, '$1"…"').replaceAll(/\s*\n\s*/g, ' ')
  return name === undefined ? safe : `${name}: ${safe}`
}
