import { bash } from './bash.ts'
import { fish } from './fish.ts'
import type { MakeScript } from './make-script.ts'
import { zsh } from './zsh.ts'

export const shells: Readonly<Record<string, MakeScript>> = { bash, zsh, fish }
