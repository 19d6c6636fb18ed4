import { columnOf, type Property } from './document.ts'
import type { Contract } from './read.ts'

/** What a classification or a tag says of values that are nobody else's business. */
const PERSONAL = new Set(['pii', 'phi', 'personal', 'sensitive', 'confidential', 'restricted', 'private', 'secret'])

/**
 * The columns whose values may stand in nothing that a run leaves: those that the contract classifies or tags as
 * personal (`classification: pii`, `classification: highly confidential`), or marks by the custom property `personal`,
 * which decides where it is there. A column is personal, too, where something nested in it is. Answers with those of
 * `names`, by default with the contract's own. As in SQL, names differ by more than case; and where a personal column is
 * not among them, any that the contract does not describe may be it by another name. None without a contract.
 */
export function personalColumns(
  contract: Pick<Contract, 'object'> | undefined,
  names?: readonly string[],
): ReadonlySet<string> {
  const properties = contract?.object.properties ?? []
  const described = new Set(properties.map(nameOf))
  const marked = properties.filter(isPersonal)
  const personal = new Set(marked.map(nameOf))
  const there = names ?? marked.map(columnOf)
  const known = new Set(there.map((name) => name.toLowerCase()))
  const isOneGone = [...personal].some((name) => !known.has(name))
  const isHidden = (name: string) => personal.has(name) || (isOneGone && !described.has(name))
  return new Set(there.filter((name) => isHidden(name.toLowerCase())))
}

function nameOf(property: Property): string {
  return columnOf(property).toLowerCase()
}

function isPersonal(property: Property): boolean {
  const { classification, tags = [], customProperties = [], properties = [], items } = property
  const marked = customProperties.find((each) => each.property === 'personal')
  if (marked) return marked.value !== false
  if ([classification ?? '', ...tags].some(saysPersonal)) return true
  return [...properties, ...(items ? [items] : [])].some(isPersonal)
}

/** By words, so that `Highly-Confidential` and `personal data` are, and `impersonal` is not. */
function saysPersonal(text: string): boolean {
  return text
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((word) => PERSONAL.has(word))
}
