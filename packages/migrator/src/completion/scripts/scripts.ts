import { bash } from './bash.ts'
import { fish } from './fish.ts'
import { zsh } from './zsh.ts'

/** Makes a shell's script. `asking` is the command, quoted, that prints candidates for the words after it. */
export type MakeScript = (asking: string) => string

export const shells: Readonly<Record<string, MakeScript>> = { bash, zsh, fish }
