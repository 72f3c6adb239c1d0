import { relative } from 'node:path'
import { type ExitCode, errorMessage, exitCodes, isFailure } from '@manybase/failure'
import { maskPassword } from '../catalog/url.ts'
import { bold, dim, red } from './output.ts'

export const exitCodeOf = (error: unknown): ExitCode => (isFailure(error) ? error.exitCode : exitCodes.bug)

/** A failure for people: what, the place, why, how to mend it. */
export function renderError(error: unknown, cwd: string): string {
  if (!isFailure(error)) return renderBug(error)
  const { what, why, fix, code, meta } = error
  const frame = typeof meta.frame === 'string' ? ['', meta.frame, ''] : []
  return [
    `${red('✖')} ${bold(shorten(cwd)(what))} ${dim(`[${code}]`)}`,
    ...frame,
    entry('why', why, cwd),
    entry('fix', fix, cwd),
  ].join('\n')
}

const entry = (label: string, text: string, cwd: string): string =>
  `  ${dim(label)}  ${text.split('\n').map(shorten(cwd)).join('\n       ')}`

const shorten = (cwd: string) => (line: string) => line.replaceAll(`${cwd}/`, relative(cwd, cwd))

function renderBug(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `${red('✖')} ${bold('This is a bug of the migrator, not of yours.')} ${dim('[bug]')}\n${maskUrls(text)}`
}

const maskUrls = (text: string) => text.replace(/[a-z][\w+.-]*:\/\/\S+/gi, maskPassword)

/** The same for machines. */
export const errorToJson = (error: unknown) =>
  isFailure(error)
    ? { error: { code: error.code, what: error.what, why: error.why, fix: error.fix, meta: error.meta } }
    : { error: { code: 'bug', what: maskUrls(errorMessage(error)) } }
