import type { Rule } from './rule.ts'

const DEPLOYMENTS_API = 'https://docs.github.com/en/rest/deployments/deployments'
const STATUSES = 'https://docs.github.com/en/rest/deployments/statuses#create-a-deployment-status'
const ENVIRONMENTS_API = 'https://docs.github.com/en/rest/deployments/environments#create-or-update-an-environment'
const POLICIES = 'https://docs.github.com/en/rest/deployments/branch-policies#create-a-deployment-branch-policy'
const ENVIRONMENTS = 'https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments'
const EVENTS = 'https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows'

const rule = (id: string, text: string, source: string, takeOut: Rule['takeOut']): Rule => ({
  ...{ id, rule: text, source, takeOut },
  test: 'deployments.test.ts',
})
const inRoutes = (file: string) => (from: string, to: string) => ({ file: `routes/deployments/${file}.ts`, from, to })
const inDeployments = inRoutes('deployments')
const inStatuses = inRoutes('statuses')
const inPreconditions = inRoutes('preconditions')
const inEnvironments = inRoutes('environments')
const inScheduler = (from: string, to: string) => ({ file: 'scheduler/deployments.ts', from, to })
const inRules = (from: string, to: string) => ({ file: 'rules/environments.ts', from, to })

export const DEPLOYMENTS: readonly Rule[] = [
  rule(
    'deployments/auto-merge',
    'A branch behind the default branch is not deployed: that one is merged into it, and 202 says so.',
    `${DEPLOYMENTS_API}#create-a-deployment`,
    inDeployments('if (body.auto_merge !== false) {', 'if (body.auto_merge === undefined as never && false) {'),
  ),
  rule(
    'deployments/every-context-green',
    'Without `required_contexts` every context of the commit must be green: 409 with what became of each.',
    `${DEPLOYMENTS_API}#create-a-deployment`,
    inPreconditions('required ?? [...states.keys()]', 'required ?? []'),
  ),
  rule(
    'deployments/named-contexts',
    'A context that is required by its name and was never sent is not green.',
    `${DEPLOYMENTS_API}#create-a-deployment`,
    inPreconditions("states.get(context) === 'success')", "(states.get(context) ?? 'success') === 'success')"),
  ),
  rule(
    'deployments/skipped-is-not-green',
    'A check that was skipped keeps a deployment back, unlike a merge.',
    'https://github.com/sbb-design-systems/sbb-angular/pull/2447',
    inPreconditions("row.conclusion === 'success' ?", "['success', 'skipped'].includes(row.conclusion ?? '') ?"),
  ),
  rule(
    'deployments/production-by-name',
    'A deployment is one of production when its environment is called `production`, or when it says so.',
    `${DEPLOYMENTS_API}#create-a-deployment`,
    inDeployments(
      "body.production_environment ?? environment === 'production'",
      'body.production_environment ?? false',
    ),
  ),
  rule(
    'deployments/auto-inactive',
    'A success makes earlier successes of the same environment inactive, unless `auto_inactive` is false.',
    STATUSES,
    inScheduler("if (status.state === 'success' && autoInactive) {", 'if (false) {'),
  ),
  rule(
    'deployments/production-stays-active',
    '`auto_inactive` leaves deployments of production alone.',
    STATUSES,
    inScheduler('        !other.production &&\n', ''),
  ),
  rule(
    'deployments/transient-stays-active',
    '`auto_inactive` leaves deployments of transient environments alone.',
    STATUSES,
    inScheduler('        !other.transient,', '        true,'),
  ),
  rule(
    'deployments/description-140',
    'The description of a status has at most 140 characters.',
    STATUSES,
    inStatuses('if ([...description].length > MAX_DESCRIPTION) {', 'if (false) {'),
  ),
  rule(
    'deployments/environment-of-status',
    'A status without an environment has that of the status before it.',
    STATUSES,
    inScheduler('if (environment !== deployment.environment) store', 'if (false) store'),
  ),
  rule(
    'deployments/active-not-deleted',
    'A deployment whose last status is a success is deleted only where its environment has no other.',
    `${DEPLOYMENTS_API}#delete-a-deployment`,
    inDeployments("if (beside && statuses.at(-1)?.state === 'success')", 'if (false)'),
  ),
  rule(
    'deployments/makes-environment',
    'A deployment makes its environment where there is none of that name.',
    'https://github.com/pullpreview/action/issues/79',
    inDeployments('ensureEnvironment(hub, repo, environment)\n', '\n'),
  ),
  rule(
    'deployments/events',
    'A deployment and each of its statuses start the workflows that want them.',
    `${EVENTS}#deployment`,
    inDeployments('await hub.emit(await deploymentEvent(hub, repo, by, row))', ''),
  ),
  rule(
    'deployments/inactive-is-no-event',
    'A status `inactive` starts no workflow.',
    `${EVENTS}#deployment_status`,
    inStatuses("if (state !== 'inactive') await", 'await'),
  ),
  rule(
    'deployments/commit-has-no-ref',
    'A workflow on the deployment of a commit by its SHA has an empty GITHUB_REF.',
    `${EVENTS}#deployment`,
    {
      file: 'scheduler/publish-events.ts',
      from: "return ref\n  return ''",
      to: "return ref\n  return 'refs/heads/main'",
    },
  ),
  rule(
    'environments/six-reviewers',
    'An environment has at most six reviewers.',
    `${ENVIRONMENTS}#required-reviewers`,
    inEnvironments('reviewers.length > MAX_REVIEWERS || ', ''),
  ),
  rule(
    'environments/reviewers-see-repository',
    'Only who can read the repository can be a reviewer.',
    `${ENVIRONMENTS}#required-reviewers`,
    inEnvironments('!reviewers.every((reviewer) => sees(repo, reviewer))', 'false'),
  ),
  rule(
    'environments/timer-of-30-days',
    'A wait timer is at most 43,200 minutes: 30 days.',
    ENVIRONMENTS_API,
    inEnvironments('waitTimer > MAX_WAIT', 'false'),
  ),
  rule(
    'environments/one-policy',
    '`protected_branches` and `custom_branch_policies` cannot have the same value.',
    ENVIRONMENTS_API,
    inEnvironments('policy && policy.protected_branches === policy.custom_branch_policies', 'policy && false'),
  ),
  rule(
    'environments/name-without-case',
    'Names of environments do not differ by their case.',
    `${ENVIRONMENTS}#environments`,
    inRules('row.name.toLowerCase() === wanted', 'row.name === name'),
  ),
  rule(
    'environments/name-of-255',
    'The name of an environment has at most 255 characters.',
    `${ENVIRONMENTS}#environments`,
    inEnvironments("if (name.length > MAX_NAME) throw invalid('Environment', 'invalid', 'name')", ''),
  ),
  rule(
    'environments/patterns-need-custom',
    'Patterns are taken only by an environment with `custom_branch_policies`: 404 by others.',
    POLICIES,
    inRoutes('branch-policies')("if (environment.branchPolicy !== 'custom') throw notFound()", ''),
  ),
  rule(
    'environments/star-stops-at-slash',
    'A `*` of a pattern does not match `/`.',
    POLICIES,
    inRules('matchesGlob(policy.name, name)', "matchesGlob(policy.name.replace('*', '**'), name)"),
  ),
  rule(
    'environments/tags-apart',
    'A pattern is for branches or for tags; one of branches lets no tag deploy.',
    POLICIES,
    inRules('row.environment === id && row.type === type', 'row.environment === id'),
  ),
  rule(
    'environments/nothing-protected',
    'Where only protected branches may deploy and no branch is protected, every branch may.',
    `${ENVIRONMENTS}#deployment-branches-and-tags`,
    inRules('protections.length === 0 || ', ''),
  ),
  rule(
    'environments/six-rules',
    'An environment has at most six custom protection rules.',
    'https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/create-custom-protection-rules',
    inRoutes('protection-rules')("if (own.length >= MAX_RULES) throw invalid('Gate', 'invalid', 'environment')", ''),
  ),
  rule(
    'environments/team-reviews',
    'Where a team is a reviewer, whoever is in it may approve.',
    `${ENVIRONMENTS}#required-reviewers`,
    inRules('teams.some((team) => team.id === id)', 'false'),
  ),
]
