import type { Check } from '../check.ts'
import { failed, ok } from '../result.ts'

export const writable: Check = {
  name: 'writable',
  asks: 'the server takes writes: it is no standby, and not read-only',
  run: ({ server: { standby, readOnly } }) => {
    if (standby) {
      return [
        failed('The server is a standby.', 'Nothing can be written there.', 'Name the primary in the URL.'),
      ]
    }
    if (readOnly) {
      return [
        failed(
          'Transactions are read-only.',
          'default_transaction_read_only is on for this server, database or role.',
          'Switch it off: ALTER ROLE … or ALTER DATABASE … RESET default_transaction_read_only',
        ),
      ]
    }
    return [ok('a primary that takes writes')]
  },
}
