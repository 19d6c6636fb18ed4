import { invalid } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import type { Label, Repository } from '../store/entities.ts'
import { findLabel } from './find.ts'

/** GitHub's grey, for labels that nobody gave a colour. */
const COLOR = 'ededed'
const MAX_NAME = 50
const MAX_LABELS = 100

const DEFAULTS = [
  ['bug', 'd73a4a', "Something isn't working"],
  ['documentation', '0075ca', 'Improvements or additions to documentation'],
  ['duplicate', 'cfd3d7', 'This issue or pull request already exists'],
  ['enhancement', 'a2eeef', 'New feature or request'],
  ['good first issue', '7057ff', 'Good for newcomers'],
  ['help wanted', '008672', 'Extra attention is needed'],
  ['invalid', 'e4e669', "This doesn't seem right"],
  ['question', 'd876e3', 'Further information is requested'],
  ['wontfix', 'ffffff', 'This will not be worked on'],
] as const

/** The labels that every new repository has. */
export function addDefaultLabels(hub: Hub, repo: number): void {
  for (const [name, color, description] of DEFAULTS)
    hub.store.labels.insert({ repo, name, color, description, default: true })
}

export interface LabelFields {
  name: string
  color?: string | undefined
  description?: string | null | undefined
}

/** Adds a label; refuses a name that is there already in whatever case. */
export function createLabel(
  hub: Hub,
  repo: Repository,
  { name, color = COLOR, description = null }: LabelFields,
): Label {
  checkLabel({ name, color, description })
  if (findLabel(hub, repo, name)) throw invalid('Label', 'already_exists', 'name')
  return hub.store.labels.insert({ repo: repo.id, name, color, description, default: false })
}

export function checkLabel({ name, color, description }: Partial<LabelFields>): void {
  if (name !== undefined) {
    if (name.trim() === '') throw invalid('Label', 'missing_field', 'name')
    if (name.length > MAX_NAME)
      throw invalid('Label', 'custom', 'name', `name is too long (maximum is ${MAX_NAME} characters)`)
  }
  if (color !== undefined && !/^[\da-f]{6}$/i.test(color)) throw invalid('Label', 'invalid', 'color')
  if ((description?.length ?? 0) > 100)
    throw invalid('Label', 'custom', 'description', 'description is too long (maximum is 100 characters)')
}

/** Ids of labels by name; one that is named first on an issue is made by it. */
export function useLabels(hub: Hub, repo: Repository, names: readonly string[]): number[] {
  const ids = names.map((name) => (findLabel(hub, repo, name) ?? createLabel(hub, repo, { name })).id)
  const unique = [...new Set(ids)]
  if (unique.length > MAX_LABELS)
    throw invalid('Issue', 'custom', 'labels', `An issue may only have ${MAX_LABELS} labels.`)
  return unique
}
