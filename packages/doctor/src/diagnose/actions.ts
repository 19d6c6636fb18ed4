import type { Facts, GitHubFacts } from '../facts.ts'
import { type Diagnosis, fail, ok, orOk, seen, warn } from '../finding.ts'
import { unpinned } from './workflows.ts'

const SETTINGS = 'Settings → Actions → General'

/** With less, a pull request that waits over a holiday is trained again when it is merged. */
const FEWEST_DAYS = 14

/** What the repository lets workflows do. */
export function diagnoseActions(github: GitHubFacts, { workflows, models }: Facts): Diagnosis {
  const uses = [...new Set(workflows.flatMap((workflow) => workflow.uses))].filter((each) => !each.startsWith('./'))
  const loose = [...new Set(workflows.flatMap(unpinned))]
  return [
    ...seen(github.actions, 'whether actions may run', ({ enabled, allowed_actions, sha_pinning_required }) => {
      if (!enabled) return fail('Actions are switched off: no workflow runs.', `Allow them under ${SETTINGS}.`)
      return [
        ...(sha_pinning_required && loose.length > 0
          ? fail(
              `Actions must be named by their commit here, and these are not: ${loose.join(', ')}.`,
              'Write uses: owner/action@<sha> # version.',
            )
          : []),
        ...(allowed_actions === undefined || allowed_actions === 'all'
          ? ok('Every action may run.')
          : diagnoseAllowed(github, uses, allowed_actions)),
      ]
    }),
    ...seen(github.workflowPermissions, 'what workflow tokens may by default', (found) =>
      diagnoseToken(
        found,
        models.some(({ drift }) => drift !== undefined),
      ),
    ),
    ...diagnoseForks(github),
    ...seen(github.retention, 'how long artifacts are kept', ({ days }) =>
      days < FEWEST_DAYS
        ? warn(
            `Artifacts are kept for ${days} days: a pull request that is merged later is trained again.`,
            `Keep them for ${FEWEST_DAYS} days or more, under ${SETTINGS}.`,
          )
        : ok(`Artifacts are kept for ${days} days.`),
    ),
  ]
}

function diagnoseAllowed({ selectedActions, repository }: GitHubFacts, uses: string[], allowed: string): Diagnosis {
  const [owner] = repository.full_name.split('/')
  const foreign = uses.filter((each) => each.split('/')[0]!.toLowerCase() !== owner!.toLowerCase())
  if (allowed === 'local_only' || selectedActions === null)
    return foreign.length === 0
      ? ok(`Only actions of ${owner} may run, and no others are used.`)
      : fail(
          `Only actions of ${owner} may run, so these cannot: ${foreign.join(', ')}.`,
          `Allow them under ${SETTINGS}.`,
        )
  return seen(selectedActions, 'which actions may run', (selected) => {
    const blocked = foreign.filter((each) => !isSelected(each, selected))
    if (blocked.length === 0) return ok('All actions that are used may run.')
    const sentence = `These are not among the actions that may run: ${blocked.join(', ')}`
    const mend = `Add modelyard/modelyard/* and what else is missing under ${SETTINGS}.`
    return selected.verified_allowed
      ? warn(`${sentence}; they run only if GitHub has verified who made them.`, mend)
      : fail(`${sentence}.`, mend)
  })
}

function isSelected(
  uses: string,
  { github_owned_allowed, patterns_allowed = [] }: { github_owned_allowed?: boolean; patterns_allowed?: string[] },
): boolean {
  if (github_owned_allowed && /^(?:actions|github)\//i.test(uses)) return true
  const repository = uses.replace(/^([^/]+\/[^/@]+)[^@]*/, '$1')
  return patterns_allowed.some((pattern) => {
    const [start, ...rest] = pattern.split('*').map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    const expression = new RegExp(`^${[start, ...rest].join('.*')}$`, 'i')
    return expression.test(uses) || expression.test(repository)
  })
}

function diagnoseToken(
  found: { default_workflow_permissions: string; can_approve_pull_request_reviews: boolean },
  isWatched: boolean,
): Diagnosis {
  const writes =
    found.default_workflow_permissions === 'write'
      ? warn(
          'A workflow that does not say what its token may gets one that may write everything.',
          `Choose read repository contents under ${SETTINGS}.`,
        )
      : []
  const retrain =
    isWatched && !found.can_approve_pull_request_reviews
      ? fail(
          'Workflows may not open pull requests, so that drift would bring no retrain pull request.',
          `Allow GitHub Actions to create and approve pull requests under ${SETTINGS}.`,
        )
      : []
  return orOk([...writes, ...retrain], 'Workflow tokens may only read unless a workflow says more.')
}

/** What runs of strangers' pull requests get: of a public repository the approval, of a private one the settings. */
function diagnoseForks({ forkApproval, forkSettings }: GitHubFacts): Diagnosis {
  const approval = forkApproval
    ? seen(forkApproval, "who approves the runs of forks' pull requests", ({ approval_policy }) =>
        approval_policy === 'all_external_contributors'
          ? ok("Every run of a fork's pull request waits for approval.")
          : warn(
              "Of forks' pull requests, only those of first-time contributors wait for approval before they run.",
              `Require approval for all external contributors under ${SETTINGS}; with self-hosted runners this is a must.`,
            ),
      )
    : []
  const settings = forkSettings
    ? seen(forkSettings, "what runs of forks' pull requests may", (found) => {
        const given = [
          ...(found.send_write_tokens_to_workflows ? ['a token that may write'] : []),
          ...(found.send_secrets_and_variables ? ['secrets'] : []),
        ]
        if (!found.run_workflows_from_fork_pull_requests || given.length === 0)
          return ok("Runs of forks' pull requests get neither secrets nor a token that may write.")
        return fail(`Runs of forks' pull requests get ${given.join(' and ')}.`, `Do not send them, under ${SETTINGS}.`)
      })
    : []
  return [...approval, ...settings]
}
