#!/usr/bin/env node
import { dev } from '../src/dev.ts'

process.exitCode = await dev(process.env)
