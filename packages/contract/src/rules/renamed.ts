import { nearest } from '@modelyard/spec'

/** Of shorter names, nearly all are near to each other. */
const SHORTEST = 4

/** For each column that is gone, the one among those that nobody describes which may be it by another name. */
export function renamed(gone: readonly string[], undescribed: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of gone) {
    const free = undescribed.filter((each) => ![...found.values()].includes(each))
    const same = free.find((each) => lettersOf(each) === lettersOf(name))
    const other = same ?? (name.length < SHORTEST ? undefined : nearest(name, free))
    if (other !== undefined) found.set(name, other)
  }
  return found
}

/** `Distance miles` is `distance_miles`. */
function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}
