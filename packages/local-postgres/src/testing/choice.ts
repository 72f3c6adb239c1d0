import { choiceUnusable } from '../failures.ts'

/** Which server the tests want, as TEST_POSTGRES says it. */
export type Choice =
  | { readonly kind: 'automatic' }
  | { readonly kind: 'embedded'; readonly major?: string }
  | { readonly kind: 'container'; readonly image: string }
  | { readonly kind: 'url'; readonly url: string }

export const defaultImage = 'postgres:17-alpine'

/**
 * Parses TEST_POSTGRES: empty, `embedded`, `embedded:18`, `container`, `container:IMAGE`, or the URL of a
 * server whose user may create databases.
 */
export function parseChoice(text: string | undefined): Choice {
  if (!text) return { kind: 'automatic' }
  if (/^postgres(ql)?:\/\//.test(text)) return urlChoice(text)
  const [kind, ...rest] = text.split(':')
  const detail = rest.join(':')
  if (kind === 'embedded') return detail ? { kind, major: detail } : { kind }
  if (kind === 'container') return { kind, image: detail || defaultImage }
  throw choiceUnusable({ problem: 'It is none of the forms that are known.' })
}

function urlChoice(text: string): Choice {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) throw choiceUnusable({ problem: 'It begins like a URL, and cannot be read as one.' })
  if (url.pathname === '' || url.pathname === '/') url.pathname = '/postgres'
  return { kind: 'url', url: url.href }
}
