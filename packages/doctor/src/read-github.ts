import { at, type GitHub, GitHubError, hasStatus } from '@modelyard/github'
import { type Model, UserError } from '@modelyard/spec'
import type { EnvironmentFacts, GitHubFacts, RulesetFacts, RunnerFacts } from './facts.ts'
import type { Looked } from './finding.ts'
import { usesModelyard, type WorkflowFile } from './workflow-file.ts'

const ADMINISTRATION = '"administration: read"'
const ACTIONS = '"actions: read"'

/**
 * Reads the settings that workflows of Modelyard depend on. What the token may not read is unknown, with the reason;
 * throws a `GitHubError` only where not even the repository can be read.
 */
export async function readGitHub(github: GitHub, models: Model[], workflows: WorkflowFile[]): Promise<GitHubFacts> {
  const { octokit } = github
  const { repos, actions } = octokit.rest
  const here = at(github)
  const { data: repository } = await repos.get(here)
  const branch = { ...here, branch: repository.default_branch }
  const ask = async <T>(needs: string, work: () => Promise<{ data: T }>): Promise<Looked<T>> =>
    look(needs, async () => (await work()).data)

  const allowed = await ask(ADMINISTRATION, () => actions.getGithubActionsPermissionsRepository(here))
  const isSelective = 'known' in allowed && allowed.known.allowed_actions === 'selected'
  const settings = '/repos/{owner}/{repo}/actions/permissions'
  return {
    repository,
    actions: allowed,
    selectedActions: isSelective ? await ask(ADMINISTRATION, () => actions.getAllowedActionsRepository(here)) : null,
    workflowPermissions: await ask(ADMINISTRATION, () =>
      actions.getGithubActionsDefaultWorkflowPermissionsRepository(here),
    ),
    forkApproval: repository.private
      ? null
      : await ask(ADMINISTRATION, () => octokit.request(`GET ${settings}/fork-pr-contributor-approval`, here)),
    forkSettings: repository.private
      ? await ask(ADMINISTRATION, () => octokit.request(`GET ${settings}/fork-pr-workflows-private-repos`, here))
      : null,
    retention: await ask(ADMINISTRATION, () => octokit.request(`GET ${settings}/artifact-and-log-retention`, here)),
    environments: await look(ACTIONS, () => readEnvironments(github, models)),
    branchRules: await look('"metadata: read"', () => octokit.paginate(repos.getBranchRules, branch)),
    branch: await look('"contents: read"', async () => {
      const { data } = await repos.getBranch(branch)
      return { protected: data.protected, requiredChecks: data.protection.required_status_checks?.contexts ?? [] }
    }),
    tagRulesets: await look('"metadata: read"', () => readTagRulesets(github)),
    runners: await look(ADMINISTRATION, async () =>
      (await octokit.paginate(actions.listSelfHostedRunnersForRepo, here)).map(describeRunner),
    ),
    organizationRunners:
      repository.owner.type === 'Organization'
        ? await look('"self-hosted runners: read" of the organization', async () =>
            (await octokit.paginate(actions.listSelfHostedRunnersForOrg, { org: here.owner })).map(describeRunner),
          )
        : null,
    workflows: await look(ACTIONS, () => octokit.paginate(actions.listRepoWorkflows, here)),
    lastScheduled: await readSchedules(github, workflows),
  }
}

/** What could be read, or why it could not. */
async function look<T>(needs: string, read: () => Promise<T>): Promise<Looked<T>> {
  try {
    return { known: await read() }
  } catch (error) {
    if (error instanceof UserError) return { unknown: error.message.replace(/\.$/, '') }
    if (!(error instanceof GitHubError)) throw error
    if (error.permission !== undefined) return { unknown: `the token lacks "${error.permission}"` }
    if (hasStatus(error, 403, 404)) return { unknown: `the token may lack ${needs} (GitHub answers ${error.status})` }
    return { unknown: error.message.replace(/\.$/, '') }
  }
}

/** The environments of the models' stages, with the branches that may use them. */
async function readEnvironments(github: GitHub, models: Model[]): Promise<EnvironmentFacts[]> {
  const { octokit } = github
  const here = at(github)
  const stages = models.flatMap((model) => Object.values(model.stages))
  const wanted = stages.flatMap(({ environment: name }) => (name ? [name, `${name}-rollback`] : []))
  const all = await octokit.paginate<EnvironmentFacts>('GET /repos/{owner}/{repo}/environments', here)
  return Promise.all(
    all
      .filter(({ name }) => wanted.some((each) => each.toLowerCase() === name.toLowerCase()))
      .map(async (found) => {
        if (!found.deployment_branch_policy?.custom_branch_policies) return { ...found, branches: null }
        const branches = await look(ACTIONS, async () => {
          const { data } = await octokit.rest.repos.listDeploymentBranchPolicies({
            ...here,
            environment_name: found.name,
            per_page: 100,
          })
          return data.branch_policies.flatMap(({ name, type }) => (name && type !== 'tag' ? [name] : []))
        })
        return { ...found, branches }
      }),
  )
}

/** The list tells names alone; each ruleset has its rules on a page of its own. */
async function readTagRulesets(github: GitHub): Promise<RulesetFacts[]> {
  const { octokit } = github
  const { repos } = octokit.rest
  const listed = await octokit.paginate(repos.getRepoRulesets, {
    ...at(github),
    includes_parents: true,
    targets: 'tag',
  })
  return Promise.all(
    listed.map(
      async ({ id }) => (await repos.getRepoRuleset({ ...at(github), ruleset_id: id, includes_parents: true })).data,
    ),
  )
}

function describeRunner({
  name,
  status,
  labels,
}: {
  name: string
  status: string
  labels: Array<{ name: string }>
}): RunnerFacts {
  return { name, status, labels: labels.map((label) => label.name) }
}

async function readSchedules(github: GitHub, workflows: WorkflowFile[]): Promise<GitHubFacts['lastScheduled']> {
  const scheduled = workflows.filter((each) => each.crons.length > 0 && usesModelyard(each))
  const found = scheduled.map(async ({ path }) => {
    const last = await look(ACTIONS, async () => {
      const { data } = await github.octokit.rest.actions.listWorkflowRuns({
        ...at(github),
        workflow_id: path.split('/').at(-1)!,
        event: 'schedule',
        per_page: 1,
      })
      return data.workflow_runs[0]?.created_at ?? null
    })
    return [path, last] as const
  })
  return Object.fromEntries(await Promise.all(found))
}
