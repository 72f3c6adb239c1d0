import type { Answer, Silent } from '../fleet/survey.ts'
import { byEntry } from '../fleet/survey.ts'
import { type DatabaseState, isAtHead } from '../plan/state.ts'
import { errorToJson } from './failure.ts'
import { stateToJson } from './state.ts'

/**
 * Lines about where databases stand. Of a list those at head are counted, and only the others are described.
 * @param describe the lines about one database
 */
export const renderAnswers = (
  answers: readonly Answer<DatabaseState>[],
  describe: (state: DatabaseState) => readonly string[],
): readonly string[] =>
  byEntry(answers).flatMap(([name, members]) => {
    const [only, ...others] = members
    if (others.length === 0 && only?.kind === 'answered') return describe(only.value)
    const behind = members.flatMap((answer) =>
      answer.kind === 'answered' && !isAtHead(answer.value) ? describe(withoutApplied(answer.value)) : [],
    )
    return [headline(name, members), ...behind, ...members.flatMap(renderSilent)]
  })

/** What a member has behind it is the same for all of them, and on disk. */
const withoutApplied = (state: DatabaseState): DatabaseState => ({ ...state, applied: [] })

/** `✅ tenants: 200 of 200 at 012 (head)`. */
function headline(name: string, members: readonly Answer<DatabaseState>[]): string {
  const states = members.flatMap((answer) => (answer.kind === 'answered' ? [answer.value] : []))
  const atHead = states.filter(isAtHead)
  const heads = states[0]?.heads.join(', ') || 'base'
  const mark = atHead.length === members.length ? '✅' : '❌'
  return `${mark} ${name}: ${atHead.length} of ${members.length} at ${heads} (head)`
}

const renderSilent = (answer: Answer<unknown>): readonly string[] =>
  answer.kind === 'silent' ? [silentLine(answer)] : []

export const silentLine = ({ target, error }: Silent): string =>
  `❌ ${target.name}: ${error.what} [${error.code}]`

/** The same for machines: all members, those that said nothing with an `error` in the place of their state. */
export const answerToJson = (answer: Answer<DatabaseState>) =>
  answer.kind === 'answered' ? stateToJson(answer.value) : silentToJson(answer)

export const silentToJson = ({ target, error }: Silent) => ({
  database: target.name,
  ...errorToJson(error),
})
