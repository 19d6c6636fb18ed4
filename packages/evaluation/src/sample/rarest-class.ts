import { type Sample, width } from './sample.ts'

/**
 * The class that has fewest rows, of those with a prediction that `counts`, by its place; of several labels the side,
 * with or without one, that has fewest.
 */
export function rarestClass(sample: Sample, counts: (at: number) => boolean): { rows: number; name: string } {
  const { task, classes, labels } = sample
  const isMultilabel = task === 'multilabel-classification'
  const names = isMultilabel
    ? classes.flatMap((label) => [`without ${label}`, `with ${label}`])
    : task === 'binary-classification'
      ? ['negative', 'positive']
      : classes
  const perLabel = isMultilabel ? 1 : width(sample)
  const found = new Float64Array(names.length)
  for (let row = 0; row < labels.length; row++) {
    let counted = false
    for (let at = row * perLabel; at < (row + 1) * perLabel && !counted; at++) counted = counts(at)
    if (counted) found[isMultilabel ? 2 * (row % classes.length) + labels[row]! : labels[row]!]!++
  }
  const rows = found.reduce((least, one) => Math.min(least, one))
  return { rows, name: names[found.indexOf(rows)]! }
}
