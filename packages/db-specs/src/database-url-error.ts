interface Explanation {
  readonly what: string
  readonly why: string
  readonly fix: string
}

/** The URL is absent or cannot be used. Never quotes the URL, which may hold a password. */
export class DatabaseUrlError extends Error implements Explanation {
  override readonly name = 'DatabaseUrlError'
  readonly code: 'url.missing' | 'url.unusable'
  readonly what: string
  readonly why: string
  readonly fix: string

  constructor(code: DatabaseUrlError['code'], { what, why, fix }: Explanation) {
    super(`${what} ${why} ${fix} [${code}]`)
    this.code = code
    this.what = what
    this.why = why
    this.fix = fix
  }
}
