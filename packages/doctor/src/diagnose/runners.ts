import type { Facts, GitHubFacts } from '../facts.ts'
import { type Diagnosis, fail, ok, seen, warn } from '../finding.ts'

/** Labels that GitHub's own machines answer to. */
const HOSTED = /^(?:ubuntu|windows|macos)-/i

/** Whether there is a runner for every job that asks for one of its owner's. */
export function diagnoseRunners({ runners, organizationRunners }: GitHubFacts, { workflows }: Facts): Diagnosis {
  const asked = workflows.flatMap(({ path, runsOn }) => runsOn.map((labels) => ({ path, labels })))
  const own = asked.filter(({ labels }) => !labels.some((label) => HOSTED.test(label)))
  if (own.length === 0) return ok("Every job runs on a machine of GitHub's, or chooses its machine as it starts.")
  return seen(runners, 'the self-hosted runners', (ofRepository) => {
    const elsewhere = organizationRunners ?? { known: [] }
    const known = [...ofRepository, ...('known' in elsewhere ? elsewhere.known : [])]
    return own.flatMap(({ path, labels }) => {
      const job = `${path} asks for a runner with ${labels.join(', ')}`
      const fitting = known.filter((runner) => labels.every((label) => has(runner.labels, label)))
      if (fitting.some(({ status }) => status === 'online')) return ok(`${job}: there is one.`)
      if (fitting.length > 0)
        return warn(
          `${job}: ${fitting.map(({ name }) => name).join(', ')} has them, and is offline.`,
          'Start it; jobs wait a day for it.',
        )
      const mend =
        'Give a runner these labels, or correct runs-on. A job without a runner waits for a day and then fails.'
      if ('unknown' in elsewhere)
        return warn(
          `${job}: no runner of the repository has them, and the organization's could not be looked at (${elsewhere.unknown}).`,
          mend,
        )
      // The name of a scale set (Actions Runner Controller) or of a larger runner is no label of any runner.
      if (labels.length === 1 && !has(labels, 'self-hosted'))
        return warn(
          `${job}: no runner has it. If it names a scale set or a larger runner of GitHub's, all is well.`,
          mend,
        )
      return fail(`${job}: no runner has them.`, mend)
    })
  })
}

function has(labels: readonly string[], wanted: string): boolean {
  return labels.some((label) => label.toLowerCase() === wanted.toLowerCase())
}
