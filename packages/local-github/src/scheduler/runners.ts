/**
 * The labels of a self-hosted runner that this machine stands for beside GitHub's hosted Linux ones; `all` takes
 * whatever a job asks for.
 */
export type RunnerLabels = readonly string[] | 'all'

/** docs.github.com/en/actions/reference/runners/github-hosted-runners */
const HOSTED = /^ubuntu-(?:latest|slim|\d\d\.04(?:-arm)?)$/i
/** Every self-hosted Linux runner has these by itself. */
const OWN = ['self-hosted', 'linux', process.arch]

/** Whether some runner has all of a job's labels; those of a self-hosted one do not differ by their case. */
export function hasRunner(labels: readonly string[], given: RunnerLabels): boolean {
  if (given === 'all' || labels.every((label) => HOSTED.test(label))) return true
  const own = given.length > 0 ? [...OWN, ...given.map((label) => label.toLowerCase())] : []
  return labels.every((label) => own.includes(label.toLowerCase()))
}
