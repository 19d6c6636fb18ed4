import type { Trap } from '@modelyard/registry'
import { describe, expect, it } from 'vitest'
import { diagnose } from '../src/diagnose.ts'
import type { Facts, GitHubFacts } from '../src/facts.ts'
import type { Finding } from '../src/finding.ts'
import { readWorkflow } from '../src/workflow-file.ts'
import { environment, facts, healthy, model, reviewers, rollback, ruleset, workflow, workflows } from './facts.ts'

const known = <T>(value: T): { known: T } => ({ known: value })
const wrong = (found: Finding[]) => found.filter(({ level }) => level !== 'ok')
const DRIFT = '.github/workflows/drift.yml'

const { bypass_actors: _, ...hidden } = ruleset

/** A local workflow beside the healthy ones. */
const also = (text: string): Partial<Facts> => ({
  workflows: [...workflows, readWorkflow('.github/workflows/own.yml', text)],
})
const gpu = also(`on: push\npermissions: {}\njobs: { a: { runs-on: [self-hosted, gpu], steps: [] } }`)

describe('a repository with which nothing is wrong', () => {
  it('has a finding that all is well about each thing', () => {
    const found = diagnose(facts())
    expect(wrong(found)).toEqual([])
    expect([...new Set(found.map(({ about }) => about))]).toEqual([
      'model files', 'workflows', 'registry', 'repository', 'Actions settings', 'environments', 'default branch', 'tags', 'runners', 'schedules',
    ]) // biome-ignore format: a list
  })
})

describe('a workflow that answers another', () => {
  it('is well where one of that name is there', () => {
    const own = `name: own\n${workflow('own', ['report'], 'workflow_run: { workflows: [own] }')}`
    expect(wrong(diagnose(facts(also(own)))).filter(({ finding }) => /nothing starts it/.test(finding))).toEqual([])
  })
})

const trap: Trap = {
  ...{ kind: 'created tag', level: 'fail', model: 'toy', tags: ['toy@created'] },
  finding: 'toy@created is in GTO’s grammar, but gto cannot read it.',
  mend: 'Delete it.',
}

/** What is changed, how grave that is, where it is found, and what is said. */
const LOCAL: Array<[string, Partial<Facts>, Finding['level'], string, string]> = [
  ['a model file that is broken', { models: [], modelProblems: [{ message: 'tusk is not a key.', place: { file: 'model.yaml', line: 3, column: 1 } }] }, 'fail', 'model files', 'model.yaml:3:1: tusk is not a key.'],
  ['a file that is not there', { missing: [{ model: 'toy', key: 'train.inputs', file: 'train.py' }] }, 'fail', 'model files', 'train.inputs of toy names train.py, which is not there.'],
  ['a last stage that asks nobody', { models: [{ ...model, stages: { production: {} } }] }, 'warn', 'model files', 'Nobody is asked before toy goes to production'],
  ['no workflows', { workflows: [] }, 'warn', 'workflows', 'No workflow uses Modelyard.'],
  ['a workflow that is no YAML', also('on: ['), 'fail', 'workflows', '.github/workflows/own.yml cannot be read'],
  ['actions that can be moved', also(workflow('x', ['plan']).replace(/modelyard@?.*plan@\S+/, 'modelyard/modelyard/actions/plan@v1')), 'warn', 'workflows', 'The workflows use what can be moved under them: modelyard/modelyard/actions/plan@v1.'],
  ['a workflow that does not say what its token may', also(workflow('x', ['plan']).replace('permissions: {}', '')), 'warn', 'workflows', 'own.yml does not say what its token may.'],
  ['training with secrets on strangers’ code', also(workflow('x', ['train'], 'pull_request_target:')), 'fail', 'workflows', 'own.yml trains on pull_request_target'],
  ['a report on the runs of a workflow that has another name', also(workflow('x', ['report'], 'workflow_run: { workflows: [modell] }')), 'warn', 'workflows', 'own.yml answers runs of modell, and no workflow is called so: nothing starts it.'],
  ['drift that nobody checks', { workflows: workflows.filter(({ path }) => path !== DRIFT) }, 'warn', 'workflows', 'No workflow checks toy for drift.'],
  ['a trap in the tags', { traps: known([trap]) }, 'fail', 'registry', 'toy@created is in GTO’s grammar, but gto cannot read it.'],
  ['tags that cannot be read', { traps: { unknown: 'this is no git repository' } }, 'warn', 'registry', 'Could not look at the tags of the models: this is no git repository.'],
  ['no way back', { workflows: workflows.filter(({ path }) => !path.endsWith('rollback.yml')) }, 'warn', 'workflows', 'No workflow takes a stage back.'],
] // biome-ignore format: a table

const ON_GITHUB: Array<[string, Partial<GitHubFacts>, Finding['level'], string, string]> = [
  ['an archived repository', { repository: { ...healthy.repository, archived: true } }, 'fail', 'repository', 'acme/models is archived'],
  ['a token that may only read', { repository: { ...healthy.repository, permissions: { admin: false, push: false, pull: true } } }, 'warn', 'repository', 'may only read acme/models'],
  ['Actions that are off', { actions: known({ enabled: false }) }, 'fail', 'Actions settings', 'Actions are switched off'],
  ['actions of strangers that may not run', { actions: known({ enabled: true, allowed_actions: 'local_only' as const }) }, 'fail', 'Actions settings', 'Only actions of acme may run'],
  ['a list of actions without ours', { actions: known({ enabled: true, allowed_actions: 'selected' as const }), selectedActions: known({ github_owned_allowed: true, verified_allowed: false, patterns_allowed: ['acme/*'] }) }, 'fail', 'Actions settings', 'not among the actions that may run: modelyard/modelyard/actions/plan@'],
  ['workflow tokens that may write', { workflowPermissions: known({ default_workflow_permissions: 'write' as const, can_approve_pull_request_reviews: true }) }, 'warn', 'Actions settings', 'gets one that may write everything'],
  ['workflows that open no pull requests', { workflowPermissions: known({ default_workflow_permissions: 'read' as const, can_approve_pull_request_reviews: false }) }, 'fail', 'Actions settings', 'Workflows may not open pull requests'],
  ['runs of forks that nobody approves', { forkApproval: known({ approval_policy: 'first_time_contributors' as const }) }, 'warn', 'Actions settings', 'only those of first-time contributors wait'],
  ['secrets for forks', { forkApproval: null, forkSettings: known({ run_workflows_from_fork_pull_requests: true, send_write_tokens_to_workflows: true, send_secrets_and_variables: true, require_approval_for_fork_pr_workflows: false }) }, 'fail', 'Actions settings', 'get a token that may write and secrets'],
  ['artifacts that are gone soon', { retention: known({ days: 3 }) }, 'warn', 'Actions settings', 'Artifacts are kept for 3 days'],
  ['an environment that is not there', { environments: known([rollback]) }, 'fail', 'environments', 'There is no environment production: deploy refuses'],
  ['an environment without reviewers', { environments: known([{ ...environment, protection_rules: [{ id: 9, node_id: 'GA_9', type: 'wait_timer', wait_timer: 30 }] }, rollback]) }, 'fail', 'environments', 'production has no required reviewers'],
  ['reviewers who may approve themselves', { environments: known([{ ...environment, protection_rules: [{ ...reviewers, prevent_self_review: false }] }, rollback]) }, 'warn', 'environments', 'Who starts a deployment to production may approve it too.'],
  ['an environment for every branch', { environments: known([{ ...environment, deployment_branch_policy: null }, rollback]) }, 'warn', 'environments', 'A workflow of any branch may use the environment production.'],
  ['an environment that takes any name', { environments: known([{ ...environment, branches: known(['*']) }, rollback]) }, 'warn', 'environments', 'A workflow of any branch may use the environment production.'],
  ['an environment that the default branch may not use', { environments: known([{ ...environment, branches: known(['release/*']) }, rollback]) }, 'fail', 'environments', 'main may not use the environment production, only these: release/*.'],
  ['no environment of rollbacks', { environments: known([environment]) }, 'warn', 'environments', 'There is no environment production-rollback'],
  ['a branch without protection', { branchRules: known([]), branch: known({ protected: false, requiredChecks: [] }) }, 'warn', 'default branch', 'main is not protected'],
  ['a gate that keeps nothing away', { branchRules: known([{ type: 'pull_request' }]) }, 'warn', 'default branch', 'main does not require "model: toy"'],
  ['tags that nobody may make', { tagRulesets: known([ruleset, { ...ruleset, name: 'no tags', conditions: { ref_name: { include: ['~ALL'], exclude: [] } }, rules: [{ type: 'creation' }] }]) }, 'fail', 'tags', 'The ruleset "no tags" lets nobody make tags of toy'],
  ['tags that anybody may move', { tagRulesets: known([{ ...ruleset, enforcement: 'evaluate' }]) }, 'warn', 'tags', 'can move or delete the tags of toy'],
  ['tags that all administrators may move', { tagRulesets: known([{ ...ruleset, bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole' as const, bypass_mode: 'always' as const }] }]) }, 'warn', 'tags', 'Who is in the bypass list of the ruleset "versions stay" (RepositoryRole) can move or delete the tags of toy'],
  ['a bypass list that is hidden', { tagRulesets: known([hidden]) }, 'warn', 'tags', 'Could not look at the bypass list of the ruleset "versions stay": the token may not see it.'],
  ['a workflow that GitHub switched off', { workflows: known([{ path: DRIFT, state: 'disabled_inactivity' as const }]) }, 'fail', 'schedules', 'drift.yml does not run: GitHub switched it off'],
  ['a workflow that GitHub does not know', { workflows: known([]) }, 'warn', 'schedules', 'GitHub does not know .github/workflows/drift.yml yet.'],
  ['a schedule that is not kept', { lastScheduled: { [DRIFT]: known('2026-02-20T05:31:00Z') } }, 'fail', 'schedules', 'and has been due twice since (17 5 * * *)'],
  ['a schedule that was never kept', { lastScheduled: { [DRIFT]: known(null) } }, 'warn', 'schedules', 'was never started by its schedule'],
] // biome-ignore format: a table

describe('the doctor', () => {
  it.each(LOCAL)('finds %s', (_, local, level, about, said) => {
    const found = wrong(diagnose(facts(local))).filter((each) => each.about === about)
    expect(found).toContainEqual({
      level,
      about,
      finding: expect.stringContaining(said),
      mend: expect.stringMatching(/./),
    })
  })

  it.each(ON_GITHUB)('finds %s', (_, github, level, about, said) => {
    const found = wrong(diagnose(facts({}, github)))
    expect(found).toContainEqual({
      level,
      about,
      finding: expect.stringContaining(said),
      mend: expect.stringMatching(/./),
    })
    expect(new Set(found.map((each) => each.about))).toEqual(new Set([about]))
  })

  it('says which traps can be mended by new events', () => {
    const remedy = { do: 'finish', model: 'toy' } as const
    const found = diagnose(facts({ traps: known([trap, { ...trap, remedy }]) })).filter(
      ({ about }) => about === 'registry',
    )
    expect(found.map(({ mend }) => mend)).toEqual([
      'Delete it.',
      'Delete it. modelyard registry doctor --mend does it.',
    ])
  })

  it('takes tags for held where one ruleset holds them without exception, whatever others do', () => {
    const lax = { ...ruleset, name: 'lax', bypass_actors: [{ actor_id: 5, actor_type: 'Team' as const }] }
    expect(wrong(diagnose(facts({}, { tagRulesets: known([lax, ruleset, hidden]) })))).toEqual([])
  })

  it('calls nothing well that depends on models where no model file could be read', () => {
    const found = diagnose(facts({ models: [] }))
    for (const about of ['default branch', 'tags'])
      expect(found.filter((each) => each.about === about)).toEqual([
        {
          about,
          level: 'warn',
          finding: expect.stringMatching(/^Could not look at .*: no model file could be read\.$/),
          mend: 'Mend the model files, and run doctor again.',
        },
      ])
  })

  it('warns of everything that it could not look at, and says why', () => {
    const unknown = { unknown: 'the token lacks "administration: read"' }
    const hidden: Partial<GitHubFacts> = {
      actions: unknown, workflowPermissions: unknown, forkApproval: unknown, retention: unknown, environments: unknown, branchRules: unknown,
      tagRulesets: unknown, runners: unknown, workflows: unknown,
    } // biome-ignore format: a list
    const found = wrong(diagnose(facts(gpu, hidden)))
    expect(found.filter(({ finding }) => finding.startsWith('Could not look at '))).toHaveLength(
      Object.keys(hidden).length,
    )
    expect(found.every(({ level }) => level === 'warn')).toBe(true)
    expect(found[0]!.finding).toBe('Could not look at whether actions may run: the token lacks "administration: read".')
  })

  it('looks at the files alone where GitHub cannot be asked', () => {
    const found = diagnose(facts({ github: { unknown: 'there is no token' } }))
    expect(wrong(found)).toMatchObject([
      {
        about: 'GitHub',
        level: 'warn',
        finding: expect.stringContaining('Could not look at repository, Actions settings'),
      },
    ])
  })

  it('takes actions for allowed by pattern, with or without their folder', () => {
    const allow = (...patterns_allowed: string[]) =>
      wrong(diagnose(facts({}, {
        actions: known({ enabled: true, allowed_actions: 'selected' as const }),
        selectedActions: known({ github_owned_allowed: true, verified_allowed: false, patterns_allowed }),
      }))) // biome-ignore format: as one
    for (const pattern of ['modelyard/*', 'modelyard/modelyard@*', 'modelyard/modelyard/actions/*'])
      expect(allow(pattern)).toEqual([])
    expect(allow('modelyard-evil/*', 'modelyard/other@*')).toHaveLength(1)
  })
})

describe('a job for a machine of one’s own', () => {
  const runner = (status: string, ...labels: string[]) => ({ name: 'box', status, labels })
  it.each<[string, Partial<GitHubFacts>, Finding['level'], string]>([
    ['fails without a runner', { runners: known([runner('online', 'self-hosted', 'linux')]) }, 'fail', 'no runner has them'],
    ['is served by any runner with all of its labels', { runners: known([runner('online', 'self-hosted', 'Linux', 'GPU')]) }, 'ok', 'there is one'],
    ['waits for one that is offline', { runners: known([runner('offline', 'self-hosted', 'gpu')]) }, 'warn', 'box has them, and is offline'],
    ['may have one of the organization', { organizationRunners: known([runner('online', 'self-hosted', 'gpu')]) }, 'ok', 'there is one'],
    ['may have one that could not be looked at', { organizationRunners: { unknown: 'the token may not' } }, 'warn', "the organization's could not be looked at"],
  ])('%s', (_, github, level, said) => {
    const found = diagnose(facts(gpu, github)).filter(({ about }) => about === 'runners')
    expect(found).toMatchObject([{ level, finding: expect.stringContaining(said) }])
  }) // biome-ignore format: a table

  it('may be meant for a scale set, whose name no runner has', () => {
    const set = also(
      'on: push\npermissions: {}\njobs: { a: { runs-on: arc-gpu, steps: [] }, b: { runs-on: "${{ vars.R }}", steps: [] } }',
    )
    expect(diagnose(facts(set)).filter(({ about }) => about === 'runners')).toMatchObject([{ level: 'warn' }])
  })
})
