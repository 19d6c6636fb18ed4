export {
  approveRuns,
  comments,
  dispatch,
  jobsOf,
  logOf,
  openForkPullRequest,
  openPullRequest,
  type PullRequest,
  type Run,
  recordOf,
  runSchedule,
  waitForRun,
} from './actions.ts'
export { writeDriftingModel, writeProduction } from './drifting.ts'
export { type NpmRegistry, type Publication, startNpmRegistry } from './npm-registry.ts'
export { git, toyModel, writeModel } from './repository.ts'
export { openWorld, type Person, type World } from './world.ts'
