import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Whether a program runs here, and the first line that it says, such as its version. */
export type Probe =
  | { readonly kind: 'found'; readonly says: string }
  | { readonly kind: 'missing'; readonly why: string }

export async function probe(
  program: string,
  args: readonly string[],
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<Probe> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { env, timeout: 60_000 })
    return { kind: 'found', says: (stdout || stderr).trim().split('\n')[0] ?? '' }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { kind: 'missing', why: `${program} is not installed` }
    }
    return { kind: 'missing', why: lastLine(error) }
  }
}

/** What a program complains about comes last. */
const lastLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .trim()
    .split('\n')
    .at(-1) ?? ''
