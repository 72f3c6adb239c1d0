import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandsPage, renderCommandsPage } from './commands-page.ts'
import { root } from './pages.ts'

writeFileSync(join(root, commandsPage), await renderCommandsPage())
