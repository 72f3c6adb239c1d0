export { type AppOptions, buildApp } from './app.ts'
export { readSettings, type ServerSettings, type Settings } from './settings/settings.ts'
