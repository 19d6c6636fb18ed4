import type {
  Approval,
  CustomProtectionRule,
  DeploymentBranchPolicy,
  Environment,
  Repository,
} from '../store/entities.ts'
import { nodeId, repoApi, repoHtml, type Shaping, simpleUser } from './common.ts'
import { teamShape } from './teams.ts'

function environmentLinks(shaping: Shaping, repo: Repository, environment: Environment) {
  const name = encodeURIComponent(environment.name)
  return {
    id: environment.id,
    node_id: nodeId('Environment', environment.id),
    name: environment.name,
    url: `${repoApi(shaping, repo)}/environments/${name}`,
    html_url: `${repoHtml(shaping, repo)}/deployments/activity_log?environments_filter=${name}`,
  }
}

export function environmentShape(shaping: Shaping, repo: Repository, environment: Environment) {
  const { waitTimer, branchPolicy, preventSelfReview } = environment
  const rule = (type: string, at: number) => {
    const id = environment.id * 10 + at
    return { id, node_id: nodeId('GateRule', id), type }
  }
  return {
    ...environmentLinks(shaping, repo, environment),
    created_at: environment.createdAt,
    updated_at: environment.updatedAt,
    can_admins_bypass: true,
    protection_rules: [
      ...(waitTimer ? [{ ...rule('wait_timer', 1), wait_timer: waitTimer }] : []),
      ...(environment.reviewers.length
        ? [
            {
              ...rule('required_reviewers', 2),
              prevent_self_review: preventSelfReview,
              reviewers: reviewersShape(shaping, environment),
            },
          ]
        : []),
      ...(branchPolicy ? [rule('branch_policy', 3)] : []),
    ],
    deployment_branch_policy: branchPolicy
      ? { protected_branches: branchPolicy === 'protected', custom_branch_policies: branchPolicy === 'custom' }
      : null,
  }
}

/** Who may approve; not those whose account or team is gone. */
function reviewersShape(shaping: Shaping, { reviewers }: Environment) {
  const { users, teams } = shaping.store
  return reviewers.flatMap(({ type, id }) => {
    const reviewer = type === 'User' ? users.get(id) : teams.get(id)
    if (!reviewer) return []
    return [
      { type, reviewer: 'login' in reviewer ? simpleUser(shaping, reviewer.login) : teamShape(shaping, reviewer) },
    ]
  })
}

export function branchPolicyShape({ id, name, type }: DeploymentBranchPolicy) {
  return { id, node_id: nodeId('GateBranchPolicy', id), name, type }
}

export function protectionRuleShape(shaping: Shaping, { id, app }: CustomProtectionRule) {
  return { id, node_id: nodeId('Gate', id), enabled: true, app: customRuleApp(shaping, app) }
}

/** An app that may guard environments. Here apps are nothing but their id. */
export function customRuleApp({ urls }: Shaping, id: number) {
  const slug = `app-${id}`
  return { id, slug, integration_url: `${urls.api}/apps/${slug}`, node_id: nodeId('App', id) }
}

export function pendingDeploymentShape(
  shaping: Shaping,
  repo: Repository,
  environment: Environment,
  canApprove: boolean,
  since: string,
) {
  return {
    environment: environmentLinks(shaping, repo, environment),
    wait_timer: environment.waitTimer,
    wait_timer_started_at: since,
    current_user_can_approve: canApprove,
    reviewers: reviewersShape(shaping, environment),
  }
}

export function approvalShape(shaping: Shaping, repo: Repository, approval: Approval) {
  const environment = shaping.store.environments.find(
    (row) => row.repo === repo.id && row.name === approval.environment,
  )!
  return {
    state: approval.state,
    comment: approval.comment,
    user: simpleUser(shaping, approval.user),
    environments: [
      {
        ...environmentLinks(shaping, repo, environment),
        created_at: environment.createdAt,
        updated_at: environment.updatedAt,
      },
    ],
  }
}
