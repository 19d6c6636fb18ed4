import { actionsSettings } from '../store/actions-settings.ts'
import type { Repository } from '../store/entities.ts'
import { fullName, type Store } from '../store/store.ts'
import type { Mapping, WorkflowFile } from './workflow-file.ts'

/** The owners of what GitHub calls its own. */
const GITHUB = ['actions', 'github']

/** Why the repository's settings keep this workflow from starting, in GitHub's words; undefined where they do not. */
export function refusedActions(store: Store, repo: Repository, workflow: WorkflowFile): string | undefined {
  const settings = actionsSettings(store, repo.id)
  const uses = usesOf(workflow).filter((use) => !isOwn(repo, use))
  const loose = settings.sha_pinning_required ? uses.filter((use) => !/@[0-9a-f]{40}$/i.test(use)) : []
  if (loose.length > 0) {
    const [noun, verb] = loose.length > 1 ? ['actions', 'are'] : ['action', 'is']
    const why = 'because all actions must be pinned to a full-length commit SHA'
    return `The ${noun} ${list(loose, 'and')} ${verb} not allowed in ${fullName(repo)} ${why}.`
  }
  if (settings.allowed_actions === 'all') return undefined
  const { github_owned_allowed: github, verified_allowed: verified } = settings
  const chosen = settings.allowed_actions === 'selected'
  // The patterns count in public repositories only.
  const patterns = chosen && !repo.private ? settings.patterns_allowed : []
  const isAllowed = (use: string) =>
    (chosen && github && GITHUB.includes(ownerOf(use))) || patterns.some((pattern) => matches(pattern, use))
  const refused = uses.filter((use) => !isAllowed(use))
  if (refused.length === 0) return undefined
  const places = [
    `within a repository owned by ${repo.owner}`,
    ...(chosen && github ? ['created by GitHub'] : []),
    ...(chosen && verified ? ['verified in the GitHub Marketplace'] : []),
    ...(patterns.length > 0 ? [`matching the following: ${patterns.join(', ')}`] : []),
  ]
  const verb = refused.length > 1 ? 'are' : 'is'
  return `${list(refused, 'and')} ${verb} not allowed to be used in ${fullName(repo)}. Actions in this workflow must be: ${list(places, 'or')}.`
}

/** Actions and reusable workflows of other repositories, as they are written, each once. */
function usesOf({ jobs }: WorkflowFile): string[] {
  const steps = Object.values(jobs).flatMap((job) => [job, ...((job.steps as Mapping[] | undefined) ?? [])])
  const uses = steps.map(({ uses }) => (typeof uses === 'string' ? uses : './'))
  return [...new Set(uses.filter((use) => !use.startsWith('./') && !use.startsWith('docker://')))]
}

const ownerOf = (use: string) => use.split('/')[0]!.toLowerCase()

const isOwn = (repo: Repository, use: string) => ownerOf(use) === repo.owner.toLowerCase()

/** `*` stands for anything. */
function matches(pattern: string, use: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(use)
}

/** `a`, `a and b`, `a, b, and c`. */
function list(items: readonly string[], word: 'and' | 'or'): string {
  if (items.length < 3) return items.join(` ${word} `)
  return `${items.slice(0, -1).join(', ')}, ${word} ${items.at(-1)}`
}
