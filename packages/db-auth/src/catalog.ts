// The schema as data, without the client: nothing is imported, so that a form in a browser can use it.
export { models, references } from '../generated/references.ts'
