export { runCommand, type Terminal } from './command/main.ts'
export type { LogEvent } from './hub.ts'
export { projectJob, type ReleasedJob } from './scheduler/project-job.ts'
export { type LocalGitHub, type LocalGitHubOptions, startLocalGitHub } from './server.ts'
