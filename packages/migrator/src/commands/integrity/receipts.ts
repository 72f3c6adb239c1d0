import type { Receipt } from '@manybase/app-validation'
import { exitCodes } from '@manybase/failure'
import { count } from '../../integrity/count.ts'
import { findConnections, withSessions } from '../../integrity/links.ts'
import { renderTable } from '../../report/table.ts'
import type { CommonOptions, Context } from '../../settings/context.ts'
import { wholeNumber } from '../../settings/number.ts'
import { baseCommand, contextFor, type MakeCommand } from '../command.ts'

interface ReceiptOptions extends CommonOptions {
  readonly verify?: boolean
  readonly limit: number
}

export const receipts: MakeCommand = (shell) =>
  baseCommand('receipts', 'show what was done after a deletion, and that nothing is left')
    .argument('[id]', 'of the deleted row; default: the latest')
    .option('--limit <n>', 'how many at most', wholeNumber('a number'), 20)
    .option(
      '--verify',
      'recompute the chain of hashes: exit code 4 when a receipt was changed, added or taken away',
    )
    .showing({
      'pnpm db integrity receipts': 'the latest',
      'pnpm db integrity receipts 6f1f64f6-6d6c-4f0b-9a3e-0f3b7a0c5d11': 'what was done about one user',
      'pnpm db integrity receipts --verify': 'that they are all as they were written',
    })
    .action(async (id: string | undefined, options: ReceiptOptions) => {
      const context = await contextFor(shell, options)
      shell.exit(options.verify ? await verify(context, options) : await show(context, options, id))
    })

async function show(context: Context, options: ReceiptOptions, id: string | undefined) {
  const { output } = context
  const { readReceipts } = await import('@manybase/app-validation')
  const connections = await findConnections(context, options)
  const found = await withSessions(connections, 'receipts', async (open) => {
    const each = connections.links.map(async (link) => {
      const query = { source: link.source, limit: options.limit, ...(id !== undefined && { id }) }
      const read = await readReceipts(await open(link, 'referencing'), query)
      return read.map((receipt) => ({ referencing: link.referencing, ...receipt }))
    })
    return (await Promise.all(each)).flat()
  })
  if (options.json) output.data(JSON.stringify({ receipts: found }, null, 2))
  else for (const receipt of found) output.data(render(receipt))
  if (found.length === 0) output.note('No receipts.')
  return exitCodes.done
}

function render({ referencing, ...receipt }: Receipt & { readonly referencing: string }): string {
  const { source, target, id, deletedAt, sweptAt, done, batch, hash } = receipt
  const rows = Object.entries(done)
    .filter(([, { rows, left }]) => rows > 0 || left > 0)
    .map(([reference, { action, rows, left }]) => [reference, action, String(rows), String(left)])
  return [
    `${source}:${target} ${id}`,
    `  deleted ${deletedAt}, nothing left in ${referencing} ${sweptAt} (batch ${batch}, ${hash.slice(0, 16)}…)`,
    ...renderTable([['column', 'action', 'rows changed', 'rows left'], ...rows]).map((line) => `  ${line}`),
  ].join('\n')
}

async function verify(context: Context, options: ReceiptOptions) {
  const { output } = context
  const { verifyReceipts } = await import('@manybase/app-validation')
  const connections = await findConnections(context, options)
  const broken = await withSessions(connections, 'receipts', async (open) => {
    const each = connections.links.map(async (link) => {
      const found = await verifyReceipts(await open(link, 'referencing'), link.source)
      return found.map((batch) => ({ source: link.source, referencing: link.referencing, ...batch }))
    })
    return (await Promise.all(each)).flat()
  })
  if (options.json) output.data(JSON.stringify({ broken }, null, 2))
  else {
    for (const { source, referencing, batch, problem } of broken) {
      output.data(`❌ ${referencing} after ${source}, batch ${batch}: ${problem}`)
    }
  }
  if (broken.length === 0)
    output.note(`All receipts of ${count(connections.links.length, 'pair')} are as they were written.`)
  return broken.length === 0 ? exitCodes.done : exitCodes.found
}
