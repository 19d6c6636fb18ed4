export type { Brought, Progress } from './bring.ts'
export { fetchFiles, type Surroundings } from './fetch.ts'
export type { Network } from './redirects.ts'
export type { Wanted } from './remote.ts'
