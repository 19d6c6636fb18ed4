import { matchesGlob } from 'node:path'
import type { EnvironmentFacts, Facts, GitHubFacts } from '../facts.ts'
import { type Diagnosis, fail, ok, orOk, seen, warn } from '../finding.ts'

/** The environments in which deployments wait for people, and those of rollbacks, which one person starts. */
export function diagnoseEnvironments(github: GitHubFacts, { models }: Facts): Diagnosis {
  const asked = new Set(
    models.flatMap(({ stages }) => Object.values(stages).flatMap(({ environment }) => environment ?? [])),
  )
  if (asked.size === 0) return ok('No stage has an environment.')
  return seen(github.environments, 'the environments', (environments) =>
    [...asked].flatMap((name) => {
      const find = (wanted: string) => environments.find((each) => each.name.toLowerCase() === wanted.toLowerCase())
      const branch = github.repository.default_branch
      return [
        ...diagnoseStage(name, find(name), branch),
        ...diagnoseRollback(`${name}-rollback`, find(`${name}-rollback`), branch),
      ]
    }),
  )
}

function diagnoseStage(name: string, found: EnvironmentFacts | undefined, branch: string): Diagnosis {
  const settings = `Settings → Environments → ${name}`
  if (!found)
    return fail(
      `There is no environment ${name}: deploy refuses, because nobody would be asked.`,
      `Make it under ${settings}, with required reviewers and the deployment branch ${branch}.`,
    )
  const [reviewers] = found.protection_rules?.flatMap((rule) => ('reviewers' in rule ? [rule] : [])) ?? []
  const asks =
    reviewers === undefined || (reviewers.reviewers?.length ?? 0) === 0
      ? fail(
          `The environment ${name} has no required reviewers: deploy refuses, because nobody would be asked.`,
          `Name them under ${settings}. Where the plan lacks that (private, GitHub Free), make the repository public or take GitHub Team.`,
        )
      : reviewers.prevent_self_review
        ? []
        : warn(
            `Who starts a deployment to ${name} may approve it too.`,
            `Tick "Prevent self-review" under ${settings}.`,
          )
  return orOk([...asks, ...diagnoseBranches(found, branch)], `${name} waits for its reviewers.`)
}

function diagnoseRollback(name: string, found: EnvironmentFacts | undefined, branch: string): Diagnosis {
  if (!found)
    return warn(
      `There is no environment ${name}: GitHub makes it at the first rollback, open to every branch.`,
      `Make it under Settings → Environments → ${name}, with the deployment branch ${branch}, and without reviewers if one person is to be enough.`,
    )
  return orOk(diagnoseBranches(found, branch), `${name} is there.`)
}

/** Jobs of the default branch may use it, and no others. */
function diagnoseBranches(
  { name, deployment_branch_policy: policy, branches }: EnvironmentFacts,
  branch: string,
): Diagnosis {
  const mend = `Let ${branch} alone deploy to it, under Settings → Environments → ${name} → Deployment branches.`
  const open = () => warn(`A workflow of any branch may use the environment ${name}.`, mend)
  if (!policy) return open()
  if (!branches) return []
  return seen(branches, `the branches that may use ${name}`, (patterns) => {
    if (patterns.some((pattern) => /^\*+(?:\/\*+)?$/.test(pattern))) return open()
    if (patterns.some((pattern) => matchesGlob(branch, pattern))) return []
    const those = patterns.length === 0 ? 'none' : patterns.join(', ')
    return fail(
      `${branch} may not use the environment ${name}, only these: ${those}. No deployment can come there.`,
      mend,
    )
  })
}
