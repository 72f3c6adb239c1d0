/** A place in a script, and the lines around it for people. */
export interface Place {
  readonly line: number
  readonly column: number
  readonly frame: string
}

const linesAround = 2

/** Finds PostgreSQL's error position (characters from 1) in a script. */
export function locate(script: string, position: number): Place {
  const before = [...script].slice(0, position - 1).join('')
  const lines = script.split(/\r?\n/)
  const line = before.split('\n').length
  const column = [...(before.split('\n').at(-1) ?? '')].length + 1
  return { line, column, frame: frame(lines, line, column) }
}

function frame(lines: readonly string[], line: number, column: number): string {
  const first = Math.max(1, line - linesAround)
  const shown = lines.slice(first - 1, line + linesAround)
  const width = String(first + shown.length).length
  return shown
    .flatMap((text, index) => {
      const number = first + index
      const row = `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${text}`
      return number === line ? [row, `  ${' '.repeat(width)} | ${blank(text, column - 1)}^`] : [row]
    })
    .join('\n')
}

/** As wide as the first characters of a line on a terminal: tabs stay, so that a caret stands under its character. */
const blank = (text: string, characters: number): string =>
  [...text]
    .slice(0, characters)
    .join('')
    .replaceAll(widthless, '')
    .replaceAll(twoWide, '  ')
    .replaceAll(/[^\t]/gu, ' ')

/** Marks on the letter before, and the joiners and selectors of emoji. */
const widthless = /[\p{Mn}\p{Me}\p{Cf}]/gu
/** What terminals give two columns (Unicode Standard Annex 11, East Asian Wide). */
const twoWide =
  /[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60]/gu
