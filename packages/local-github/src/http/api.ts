import { Hono } from 'hono'
import { getPath } from 'hono/utils/url'
import type { Hub } from '../hub.ts'
import { addPageRoutes } from '../pages/routes.ts'
import { addApprovalRoutes } from '../routes/actions/approvals.ts'
import { addArtifactRoutes } from '../routes/actions/artifacts.ts'
import { addCacheRoutes } from '../routes/actions/caches.ts'
import { addConcurrencyRoutes } from '../routes/actions/concurrency.ts'
import { addJobRoutes } from '../routes/actions/jobs.ts'
import { addLogRoutes } from '../routes/actions/logs.ts'
import { addRunControlRoutes } from '../routes/actions/run-control.ts'
import { addRunnerRoutes } from '../routes/actions/runners.ts'
import { addRunRoutes } from '../routes/actions/runs.ts'
import { addActionsSettingsRoutes } from '../routes/actions/settings.ts'
import { addTimingRoutes } from '../routes/actions/timing.ts'
import { addWorkflowRoutes } from '../routes/actions/workflows.ts'
import { addAttestationRoutes } from '../routes/attestations/attestations.ts'
import { addBranchRoutes } from '../routes/branches/branches.ts'
import { addProtectionRoutes } from '../routes/branches/protection.ts'
import { addRequirementRoutes } from '../routes/branches/requirements.ts'
import { addRulesetRoutes } from '../routes/branches/rulesets.ts'
import { addCheckRoutes } from '../routes/checks/checks.ts'
import { addStatusRoutes } from '../routes/checks/statuses.ts'
import { addCheckSuiteRoutes } from '../routes/checks/suites.ts'
import { addCommitCommentRoutes } from '../routes/commits/comments.ts'
import { addCommitRoutes } from '../routes/commits/commits.ts'
import { addCompareRoutes } from '../routes/commits/compare.ts'
import { addArchiveRoutes } from '../routes/contents/archives.ts'
import { addContentRoutes } from '../routes/contents/contents.ts'
import { addContentWriteRoutes } from '../routes/contents/write.ts'
import { addBranchPolicyRoutes } from '../routes/deployments/branch-policies.ts'
import { addDeploymentRoutes } from '../routes/deployments/deployments.ts'
import { addEnvironmentRoutes } from '../routes/deployments/environments.ts'
import { addProtectionRuleRoutes } from '../routes/deployments/protection-rules.ts'
import { addDeploymentStatusRoutes } from '../routes/deployments/statuses.ts'
import { addNamedObjectRoutes } from '../routes/git/commits.ts'
import { addObjectRoutes } from '../routes/git/objects.ts'
import { addRefRoutes } from '../routes/git/refs.ts'
import { addGraphRoute } from '../routes/graphql.ts'
import { addAssigneeRoutes } from '../routes/issues/assignees.ts'
import { addCommentRoutes } from '../routes/issues/comments.ts'
import { addIssueEventRoutes } from '../routes/issues/events.ts'
import { addIssueLabelRoutes } from '../routes/issues/issue-labels.ts'
import { addIssueRoutes } from '../routes/issues/issues.ts'
import { addLabelRoutes } from '../routes/issues/labels.ts'
import { addMilestoneRoutes } from '../routes/issues/milestones.ts'
import { addCodeownersRoute } from '../routes/people/codeowners.ts'
import { addCollaboratorRoutes } from '../routes/people/collaborators.ts'
import { addInvitationRoutes } from '../routes/people/invitations.ts'
import { addOrganizationRoutes } from '../routes/people/organizations.ts'
import { addTeamMemberRoutes } from '../routes/people/team-members.ts'
import { addTeamRepositoryRoutes } from '../routes/people/team-repositories.ts'
import { addTeamRoutes } from '../routes/people/teams.ts'
import { addUserRoutes } from '../routes/people/users.ts'
import { addReviewCommentRoutes } from '../routes/pulls/comments.ts'
import { addMergeRoutes } from '../routes/pulls/merge.ts'
import { addPullRoutes } from '../routes/pulls/pulls.ts'
import { addReviewerRoutes } from '../routes/pulls/reviewers.ts'
import { addReviewRoutes } from '../routes/pulls/reviews.ts'
import { addRateLimitRoute } from '../routes/rate-limit.ts'
import { addAssetRoutes, addUploadRoutes } from '../routes/releases/assets.ts'
import { addImmutableReleaseRoutes } from '../routes/releases/immutable.ts'
import { addNotesRoutes } from '../routes/releases/notes.ts'
import { addReleaseRoutes } from '../routes/releases/releases.ts'
import { addAboutRoutes } from '../routes/repositories/about.ts'
import { addCreateRoutes } from '../routes/repositories/create.ts'
import { addForkRoutes } from '../routes/repositories/forks.ts'
import { addRepositoryListRoutes } from '../routes/repositories/lists.ts'
import { addRepositoryRoutes } from '../routes/repositories/repositories.ts'
import { addTagRoutes } from '../routes/repositories/tags.ts'
import { addRootRoute } from '../routes/root.ts'
import { addSecretRoutes } from '../routes/variables/secrets.ts'
import { addVariableRoutes } from '../routes/variables/variables.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import { addServiceRoutes } from '../services/routes.ts'
import { createApp } from './app.ts'
import { notFound } from './errors.ts'
import { addRepositoryIdRoutes } from './renamed.ts'
import { addTeamIdRoutes } from './team-ids.ts'

/** Everything that is spoken over HTTP except git. */
export function createApi(hub: Hub, scheduler: Scheduler): Hono {
  const rest = createApp(hub)
  addUserRoutes(rest, hub)
  addOrganizationRoutes(rest, hub)
  addTeamRoutes(rest, hub)
  addTeamMemberRoutes(rest, hub)
  addTeamRepositoryRoutes(rest, hub)
  addCollaboratorRoutes(rest, hub)
  addInvitationRoutes(rest, hub)
  addCodeownersRoute(rest, hub)
  addRootRoute(rest, hub)
  addRateLimitRoute(rest, hub)
  addRepositoryRoutes(rest, hub)
  addCreateRoutes(rest, hub)
  addForkRoutes(rest, hub)
  addRepositoryListRoutes(rest, hub)
  addAboutRoutes(rest, hub)
  addRefRoutes(rest, hub)
  addObjectRoutes(rest, hub)
  addNamedObjectRoutes(rest, hub)
  addContentRoutes(rest, hub)
  addContentWriteRoutes(rest, hub)
  addCheckRoutes(rest, hub)
  addCheckSuiteRoutes(rest, hub)
  addStatusRoutes(rest, hub)
  addCommitCommentRoutes(rest, hub)
  addCommitRoutes(rest, hub)
  addTagRoutes(rest, hub)
  addCompareRoutes(rest, hub)
  // What has a name goes before what has a number in its place: `issues/comments` before `issues/:number`.
  addCommentRoutes(rest, hub)
  addIssueEventRoutes(rest, hub)
  addIssueRoutes(rest, hub)
  addIssueLabelRoutes(rest, hub)
  addAssigneeRoutes(rest, hub)
  addLabelRoutes(rest, hub)
  addMilestoneRoutes(rest, hub)
  addReviewCommentRoutes(rest, hub)
  addPullRoutes(rest, hub)
  addMergeRoutes(rest, hub)
  addReviewerRoutes(rest, hub)
  addReviewRoutes(rest, hub)
  addAssetRoutes(rest, hub)
  addNotesRoutes(rest, hub)
  addReleaseRoutes(rest, hub)
  addImmutableReleaseRoutes(rest, hub)
  addRulesetRoutes(rest, hub)
  addRequirementRoutes(rest, hub)
  addProtectionRoutes(rest, hub)
  addBranchRoutes(rest, hub)
  addDeploymentRoutes(rest, hub)
  addDeploymentStatusRoutes(rest, hub)
  addEnvironmentRoutes(rest, hub)
  addBranchPolicyRoutes(rest, hub)
  addProtectionRuleRoutes(rest, hub)
  addWorkflowRoutes(rest, hub, scheduler)
  addRunRoutes(rest, hub)
  addRunControlRoutes(rest, hub, scheduler)
  addJobRoutes(rest, hub)
  addLogRoutes(rest, hub)
  addTimingRoutes(rest, hub)
  addConcurrencyRoutes(rest, hub)
  addActionsSettingsRoutes(rest, hub)
  addRunnerRoutes(rest, hub)
  addCacheRoutes(rest, hub)
  addApprovalRoutes(rest, hub, scheduler)
  addArtifactRoutes(rest, hub)
  addVariableRoutes(rest, hub)
  addSecretRoutes(rest, hub)
  const uploads = createApp(hub)
  addUploadRoutes(uploads, hub)
  const graph = createApp(hub, 'graphql')
  addGraphRoute(graph, hub)
  // The root of an API, or of a repository’s files, is asked for with a slash at its end.
  const roots = /^(\/api\/\w+(?:\/repos\/[^/]+\/[^/]+\/contents)?)\/$/
  const root = new Hono({ getPath: (request) => getPath(request).replace(roots, '$1') })
  addArchiveRoutes(rest, root, hub)
  addAttestationRoutes(rest, hub)
  // Before the others, which answer 404 to what they do not know.
  addRepositoryIdRoutes(root, hub)
  addTeamIdRoutes(root, hub)
  const missing = () => {
    throw notFound()
  }
  for (const app of [rest, uploads, graph]) app.all('/*', missing)
  root.route('/api/v3', rest)
  root.route('/api/uploads', uploads)
  root.route('/api/graphql', graph)
  addServiceRoutes(root, hub)
  addPageRoutes(root, hub)
  root.notFound((c) => c.json(notFound().body, 404))
  return root
}
