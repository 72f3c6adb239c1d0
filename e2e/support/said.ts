import type { Readable } from 'node:stream'

/**
 * Waits until a stream has said something. Listens without a pause, since two chunks may come in one turn.
 * @returns the match
 * @throws when the stream ends before
 */
export const said = (stream: Readable, what: RegExp): Promise<RegExpExecArray> =>
  new Promise((resolve, reject) => {
    let text = ''
    stream.on('data', (chunk) => {
      text += String(chunk)
      const match = what.exec(text)
      if (match) resolve(match)
    })
    stream.once('end', () => reject(new Error(`it ended, and had said: ${text}`)))
  })
