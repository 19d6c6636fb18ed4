import { diagnoseActions } from './diagnose/actions.ts'
import { diagnoseEnvironments } from './diagnose/environments.ts'
import { diagnoseModels } from './diagnose/models.ts'
import { diagnoseRegistry } from './diagnose/registry.ts'
import { diagnoseRepository } from './diagnose/repository.ts'
import { diagnoseBranch, diagnoseTags } from './diagnose/rules.ts'
import { diagnoseRunners } from './diagnose/runners.ts'
import { diagnoseSchedules } from './diagnose/schedules.ts'
import { diagnoseWorkflows } from './diagnose/workflows.ts'
import type { Facts, GitHubFacts } from './facts.ts'
import { type Diagnosis, type Finding, warn } from './finding.ts'

const LOCAL: Record<string, (facts: Facts) => Diagnosis> = {
  'model files': diagnoseModels,
  workflows: diagnoseWorkflows,
  registry: diagnoseRegistry,
}

const ON_GITHUB: Record<string, (github: GitHubFacts, facts: Facts) => Diagnosis> = {
  repository: diagnoseRepository,
  'Actions settings': diagnoseActions,
  environments: diagnoseEnvironments,
  'default branch': diagnoseBranch,
  tags: diagnoseTags,
  runners: diagnoseRunners,
  schedules: diagnoseSchedules,
}

/** Everything that is well, doubtful or wrong with a repository, thing by thing. Pure. */
export function diagnose(facts: Facts): Finding[] {
  const { github } = facts
  const onGitHub =
    'known' in github
      ? Object.entries(ON_GITHUB).map(([about, look]) => ({ about, found: look(github.known, facts) }))
      : [{ about: 'GitHub', found: notAsked(github.unknown) }]
  const local = Object.entries(LOCAL).map(([about, look]) => ({ about, found: look(facts) }))
  return [...local, ...onGitHub].flatMap(({ about, found }) => found.map((each) => ({ about, ...each })))
}

function notAsked(why: string): Diagnosis {
  return warn(
    `Could not look at ${Object.keys(ON_GITHUB).join(', ')}: ${why}.`,
    'Run doctor again where GitHub can be reached, with GITHUB_TOKEN (or GH_TOKEN, as from gh auth token) and a clone of the repository.',
  )
}
