/**
 * The values of a personal column, each as a number that stands for it: rows are told apart by them, and nothing is told
 * of them. The most frequent is `value 1`; of equally frequent ones, the first. Missing values stay missing.
 */
export function unnamed(values: ReadonlyArray<string | null>): Array<string | null> {
  const counts = new Map<string, number>()
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  const order = [...counts].sort(([, one], [, other]) => other - one)
  const names = new Map(order.map(([value], index) => [value, `value ${index + 1}`]))
  return values.map((value) => (value === null ? null : names.get(value)!))
}

/** A value as a sentence says it: of a personal column, that there is one. */
export function told(masked: ReadonlySet<string> | undefined, column: string, value: unknown): string {
  return masked?.has(column) ? '…' : String(value)
}
