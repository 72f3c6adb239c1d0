/**
 * What a session does next. Users lie in the referenced table, rows in the referencing one; a row goes by the name of
 * the session that inserted it, or by the one that the scenario gives it. `snapshot` begins the transaction and makes it
 * take its snapshot; where there is none, the first statement does. `sweep` does nothing where the key is native.
 */
export type Step =
  | { readonly verb: 'snapshot' | 'commit' | 'roll back' | 'sweep' }
  | {
      readonly verb:
        | 'create user'
        | 'rename user'
        | 'change id'
        | 'delete user'
        | 'insert row'
        | 'attach table'
      readonly user: number
    }
  | { readonly verb: 'move row'; readonly row: string; readonly user: number }
  | { readonly verb: 'edit row' | 'delete row'; readonly row: string }

export type Verb = Step['verb']

export const snapshot: Step = { verb: 'snapshot' }
export const commit: Step = { verb: 'commit' }
export const rollBack: Step = { verb: 'roll back' }
export const sweep: Step = { verb: 'sweep' }
export const createUser = (user: number): Step => ({ verb: 'create user', user })
/** Changes no key, so it goes well with rows that name the user. */
export const renameUser = (user: number): Step => ({ verb: 'rename user', user })
export const changeId = (user: number): Step => ({ verb: 'change id', user })
export const deleteUser = (user: number): Step => ({ verb: 'delete user', user })
export const insertRow = (user: number): Step => ({ verb: 'insert row', user })
/** A table with one row, as a partition. */
export const attachTable = (user: number): Step => ({ verb: 'attach table', user })
export const moveRow = (row: string, user: number): Step => ({ verb: 'move row', row, user })
export const editRow = (row: string): Step => ({ verb: 'edit row', row })
export const deleteRow = (row: string): Step => ({ verb: 'delete row', row })

export type Side = 'referenced' | 'referencing'

/** Where a step does its work; null for those that are about the session itself. */
export function sideOf({ verb }: Step): Side | null {
  switch (verb) {
    case 'create user':
    case 'rename user':
    case 'change id':
    case 'delete user':
      return 'referenced'
    case 'insert row':
    case 'attach table':
    case 'move row':
    case 'edit row':
    case 'delete row':
      return 'referencing'
    default:
      return null
  }
}

export const render = (step: Step): string =>
  [step.verb, 'row' in step ? step.row : '', 'user' in step ? step.user : '']
    .filter((part) => part !== '')
    .join(' ')
