#!/usr/bin/env node
import { main } from '../src/server.ts'

// What is still queued then is for clients that have hung up; its connections would keep the process alive.
process.exit(await main(process.env))
