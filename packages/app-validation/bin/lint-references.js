#!/usr/bin/env node
import { commands, main } from '../src/cli.ts'

process.exitCode = await main(commands.lintReferences, process.argv.slice(2))
