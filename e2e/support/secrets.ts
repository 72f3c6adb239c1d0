import { randomBytes } from 'node:crypto'

const secrets = new Set<string>()

/** A password that appears in no output by chance, with characters that a URL has to escape. */
export function makePassword(): string {
  const password = `pw@${randomBytes(9).toString('hex')}/#:%`
  return remember(password)
}

/** Has every later output of a command searched for a password. */
export function remember(password: string): string {
  secrets.add(password)
  return password
}

/** @throws when an output holds a password, as it is or escaped */
export function hidden(...outputs: readonly string[]): void {
  for (const password of secrets) {
    const core = /[0-9a-f]{18}/.exec(password)?.[0] ?? password
    const shown = outputs.find((output) => output.includes(core))
    if (shown !== undefined) throw new Error(`A password is shown in: ${shown}`)
  }
}
