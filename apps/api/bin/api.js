#!/usr/bin/env node
import { main } from '../src/server.ts'

process.exitCode = await main(process.env)
