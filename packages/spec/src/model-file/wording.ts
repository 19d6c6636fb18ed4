import { closest, distance } from 'fastest-levenshtein'

/** `evaluate.gates[0].metric`, as people write paths. */
export function show(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('')
}

/** What a key that is not known may have meant, or what is known; nothing where nothing is. */
export function suggestion(key: string, known: string[]): string {
  if (known.length === 0) return ''
  return didYouMean(key, known) || ` Known: ${known.join(', ')}.`
}

/** ` Did you mean production?` where one of the words that are known is near; else nothing. */
export function didYouMean(word: string, known: string[]): string {
  const meant = nearest(word, known)
  return meant === undefined ? '' : ` Did you mean ${meant}?`
}

/** The word that another may stand for; undefined where none of those that are known is near. */
export function nearest(word: string, known: string[]): string | undefined {
  if (known.length === 0) return undefined
  const found = closest(word, known)
  return distance(word, found) <= Math.max(2, Math.floor(word.length / 3)) ? found : undefined
}
