import { columnOf, type Property } from './document.ts'
import type { Contract } from './read.ts'

/** What a classification or a tag says of values that are nobody else's business. */
const PERSONAL = new Set(['pii', 'phi', 'personal', 'sensitive', 'confidential', 'restricted', 'private', 'secret'])

/**
 * The columns whose values may stand in nothing that a run leaves: those that the contract classifies or tags as
 * personal (`classification: pii`, `classification: highly confidential`), or marks by the custom property `personal`,
 * which decides where it is there. A column is personal, too, where something nested in it is. None without a contract.
 */
export function personalColumns(contract: Pick<Contract, 'object'> | undefined): ReadonlySet<string> {
  return new Set((contract?.object.properties ?? []).filter(isPersonal).map(columnOf))
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
