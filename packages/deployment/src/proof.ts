import { at, type GitHub } from '@modelyard/github'
import { UserError } from '@modelyard/spec'

export interface Approval {
  user: string
  comment: string
}

/** How a job showed that it waited in the stage's environment. */
export interface WaitProof {
  proof: 'oidc' | 'approvals' | 'none-asked'
  approvals: Approval[]
}

/**
 * Proves that this job waited in an environment: that the environment is protected says nothing about the job. Where
 * the job can have an identity token, its `environment` claim decides, whatever was approved for other jobs of the run;
 * else this run's approvals must name the environment. A stage without an environment asks for nothing. Throws a `UserError` that says what the workflow lacks.
 */
export async function proveWait(
  github: GitHub,
  { environment, runId, oidc }: { environment: string | null; runId: number; oidc?: () => Promise<string> },
): Promise<WaitProof> {
  if (environment === null) return { proof: 'none-asked', approvals: [] }
  const approvals = await readApprovals(github, runId, environment)
  if (oidc) {
    await proveEnvironment(github, { environment, runId, oidc })
    return { proof: 'oidc', approvals }
  }
  if (approvals.length === 0) {
    throw new UserError(
      `Nobody approved this run for the environment ${environment}: add "environment: ${environment}" to the job, so that it waits for a reviewer.`,
    )
  }
  return { proof: 'approvals', approvals }
}

/**
 * Proves by its identity token that this job runs in an environment, whatever that asks of it. Throws a `UserError` that
 * says what the workflow lacks.
 */
export async function proveEnvironment(
  { owner, repo }: GitHub,
  { environment, runId, oidc }: { environment: string; runId: number; oidc: () => Promise<string> },
): Promise<void> {
  checkClaims(readClaims(await oidc()), { environment, runId, repository: `${owner}/${repo}` })
}

interface Claims {
  environment?: unknown
  repository?: unknown
  run_id?: unknown
}

function checkClaims(claims: Claims, expected: { environment: string; runId: number; repository: string }): void {
  const { environment, repository, run_id } = claims
  if (!isSame(repository, expected.repository) || String(run_id) !== String(expected.runId)) {
    throw new UserError(
      `The identity token is of run ${String(run_id)} of ${String(repository)}, not of run ${expected.runId} of ${expected.repository}: ask for one in the job that deploys.`,
    )
  }
  if (!isSame(environment, expected.environment)) {
    const where = typeof environment === 'string' ? `runs in the environment ${environment}` : 'runs in no environment'
    throw new UserError(
      `This job ${where}, not in ${expected.environment}: add "environment: ${expected.environment}" to the job.`,
    )
  }
}

/** Names of environments and repositories are the same in upper and lower case. */
function isSame(claim: unknown, expected: string): boolean {
  return typeof claim === 'string' && claim.toLowerCase() === expected.toLowerCase()
}

/** The signature is not checked: the token comes from GitHub to this very job over TLS and is shown to nobody. */
function readClaims(token: string): Claims {
  try {
    return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims
  } catch (cause) {
    throw new UserError('The identity token that GitHub gave this job cannot be read. Run the job again.', { cause })
  }
}

async function readApprovals(github: GitHub, runId: number, environment: string): Promise<Approval[]> {
  const { data } = await github.octokit.rest.actions.getReviewsForRun({ ...at(github), run_id: runId })
  return data
    .filter(
      ({ state, environments }) => state === 'approved' && environments.some(({ name }) => isSame(name, environment)),
    )
    .map(({ user, comment }) => ({ user: user.login, comment }))
}
