/** Makes a shell's script. `asking` is the command, quoted, that prints candidates for the words after it. */
export type MakeScript = (asking: string) => string
