#!/usr/bin/env node
import { dev } from '../src/dev.ts'

// What is still queued then is for clients that have hung up; its connections would keep the process alive.
process.exit(await dev(process.env))
