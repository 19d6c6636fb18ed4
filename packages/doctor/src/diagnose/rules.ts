import { matchesGlob } from 'node:path'
import type { Facts, GitHubFacts, RulesetFacts } from '../facts.ts'
import { type Diagnosis, fail, ok, seen, warn } from '../finding.ts'

const RULES = 'Settings → Rules → Rulesets'

/** GitHub's own app, as which workflows' tokens act. */
const GITHUB_ACTIONS = 15368

/** Whether what comes to the default branch was reviewed, and whether a gate that fails keeps it away. */
export function diagnoseBranch({ branch, branchRules, repository }: GitHubFacts, { models }: Facts): Diagnosis {
  const name = repository.default_branch
  return seen(branchRules, `the rules of ${name}`, (rules) =>
    seen(branch, `the protection of ${name}`, (classic) => {
      if (!classic.protected && rules.length === 0)
        return warn(
          `${name} is not protected: whoever may push can have a model registered that nobody has seen.`,
          `Require a pull request before merging, under ${RULES}.`,
        )
      if (models.length === 0) return notLookedAt(`whether ${name} takes a candidate that failed its gate`)
      const required = [...classic.requiredChecks, ...rules.flatMap(checksOf)]
      const free = models.map((model) => `model: ${model.name}`).filter((check) => !required.includes(check))
      if (free.length === 0) return ok(`${name} is protected, and takes no candidate that failed its gate.`)
      return warn(
        `A candidate that failed its gate can be merged: ${name} does not require ${free.map((check) => JSON.stringify(check)).join(', ')}.`,
        `Require ${free.length === 1 ? 'this check' : 'these checks'} under ${RULES}.`,
      )
    }),
  )
}

function checksOf({ type, parameters }: { type: string; parameters?: unknown }): string[] {
  if (type !== 'required_status_checks') return []
  const { required_status_checks: checks = [] } = parameters as { required_status_checks?: Array<{ context: string }> }
  return checks.map(({ context }) => context)
}

/** Whether versions' tags can be made by workflows, and moved or deleted by nobody, not even past the rules. */
export function diagnoseTags({ tagRulesets }: GitHubFacts, { models }: Facts): Diagnosis {
  return seen(tagRulesets, 'the rules of tags', (rulesets) =>
    models.length === 0
      ? notLookedAt('the tags of versions')
      : models.flatMap(({ name }) => {
          const tags = [`refs/tags/${name}@v1.0.0`, `refs/tags/${name}#production#1`]
          const active = rulesets.filter(
            (each) => each.enforcement === 'active' && tags.some((tag) => applies(each, tag)),
          )
          return [
            ...active.flatMap((ruleset) => diagnoseCreation(name, ruleset)),
            ...diagnoseChange(name, active, tags),
          ]
        }),
  )
}

function diagnoseCreation(model: string, { name, rules = [], bypass_actors: bypass = [] }: RulesetFacts): Diagnosis {
  const isLetThrough = bypass.some((actor) => actor.actor_type === 'Integration' && actor.actor_id === GITHUB_ACTIONS)
  if (isLetThrough) return []
  const mend = `Leave the tags ${model}@* and ${model}#* out of it, under ${RULES}, or let the app through as which the workflows write.`
  return rules.flatMap(({ type }) => {
    if (type === 'creation')
      return fail(
        `The ruleset ${JSON.stringify(name)} lets nobody make tags of ${model}: register and deploy cannot.`,
        mend,
      )
    if (type === 'tag_name_pattern' || type === 'required_signatures')
      return warn(`The ruleset ${JSON.stringify(name)} may refuse tags of ${model} (${type}).`, mend)
    return []
  })
}

function diagnoseChange(model: string, active: readonly RulesetFacts[], tags: readonly string[]): Diagnosis {
  const firm = active.filter(({ bypass_actors: bypass }) => bypass?.length === 0)
  if (areHeld(tags, firm)) return ok(`Tags of ${model} can be moved and deleted by nobody.`)
  if (areHeld(tags, active))
    return active
      .filter((ruleset) => CHANGES.some((type) => has(ruleset, type)))
      .flatMap((each) => diagnoseBypass(model, each))
  return warn(
    `Whoever may push can move or delete the tags of ${model}, which are its registry.`,
    `Add a tag ruleset for ${model}@* and ${model}#* that restricts updates and deletions, not creations, under ${RULES}.`,
  )
}

const CHANGES = ['update', 'deletion'] as const

function areHeld(tags: readonly string[], rulesets: readonly RulesetFacts[]): boolean {
  return tags.every((tag) =>
    CHANGES.every((type) => rulesets.some((ruleset) => applies(ruleset, tag) && has(ruleset, type))),
  )
}

function has({ rules }: RulesetFacts, wanted: string): boolean {
  return rules?.some(({ type }) => type === wanted) ?? false
}

/** GitHub shows the list of those whom a ruleset does not hold to whoever may change it, and to nobody else. */
function diagnoseBypass(model: string, { name, bypass_actors: bypass }: RulesetFacts): Diagnosis {
  const ruleset = `the ruleset ${JSON.stringify(name)}`
  if (bypass === undefined)
    return seen({ unknown: 'the token may not see it' }, `the bypass list of ${ruleset}`, () => [])
  if (bypass.length === 0) return []
  return warn(
    `Who is in the bypass list of ${ruleset} (${[...new Set(bypass.map(({ actor_type: type }) => type))].join(', ')}) can move or delete the tags of ${model}, which are its registry.`,
    `Empty that list, under ${RULES}.`,
  )
}

function notLookedAt(what: string): Diagnosis {
  return warn(`Could not look at ${what}: no model file could be read.`, 'Mend the model files, and run doctor again.')
}

/** Whether a ruleset is about a ref: GitHub's patterns are those of a shell, without a `*` over a `/`. */
function applies({ conditions }: RulesetFacts, ref: string): boolean {
  const names = (conditions as { ref_name?: { include?: string[]; exclude?: string[] } } | null | undefined)?.ref_name
  const matches = (patterns: readonly string[] = []) =>
    patterns.some((pattern) => pattern === '~ALL' || matchesGlob(ref, pattern))
  return matches(names?.include) && !matches(names?.exclude)
}
