import { normalQuantile } from './normal.ts'

/**
 * How many rows would move an interval to one side of `limit`, about: its half-width shrinks with the square root of
 * the rows while the estimate stays. Null where the estimate stands on the limit, and where the answer is beyond 10^9.
 */
export function rowsToSettle(
  { rows, estimate, low, high }: { rows: number; estimate: number; low: number; high: number },
  limit: number,
): number | null {
  const distance = Math.abs(estimate - limit)
  const half = estimate > limit ? estimate - low : high - estimate
  const needed = Math.ceil(rows * (half / distance) ** 2)
  return needed <= 1e9 ? Math.max(needed, rows + 1) : null
}

/**
 * Rows that a paired comparison of proportions needs to show, with chance `power`, that equal models differ by less
 * than `margin`: (z_α + z_β)² · discordance / margin², where `discordance` is the share of rows on which one is right
 * and the other wrong, and α is one tail of the two-sided `confidence`.
 */
export function nonInferiorityRows(options: {
  discordance: number
  margin: number
  confidence: number
  power: number
}): number {
  const { discordance, margin, confidence, power } = options
  const z = normalQuantile((1 + confidence) / 2) + normalQuantile(power)
  return Math.ceil((z * z * discordance) / (margin * margin))
}
