import type { Check } from '../check.ts'
import { failed, ok, type Remark } from '../result.ts'

export const extensions: Check = {
  name: 'extensions',
  asks: 'the server has the extensions that pending scripts create, and the role may create them',
  run: ({ server: { extensions: wanted, role } }) => {
    const remarks = wanted
      .filter(({ installed }) => !installed)
      .flatMap(({ name, available, trusted }): readonly Remark[] => {
        if (!available) {
          return [
            failed(
              `The server doesn't have the extension ${name}.`,
              'A pending script creates it.',
              'Install its package on the server, or choose a server that has it.',
            ),
          ]
        }
        return role.superuser || (trusted && role.createInDatabase)
          ? []
          : [
              failed(
                `"${role.name}" may not create the extension ${name}.`,
                trusted
                  ? 'It takes the right CREATE on the database.'
                  : 'It takes a superuser, since it is not trusted.',
                `Have an administrator run CREATE EXTENSION ${name} in this database.`,
              ),
            ]
      })
    if (remarks.length > 0 || wanted.length === 0) return remarks
    return [ok(wanted.map(({ name }) => name).join(', '))]
  },
}
