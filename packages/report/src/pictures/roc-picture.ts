interface Point {
  false_positive_rate: number
  true_positive_rate: number
}

const COLUMNS = 41
const ROWS = 15

/**
 * Two ROC curves as text: `●` the candidate, `○` the champion where it is elsewhere, `·` what guessing would reach.
 * Points are joined by straight lines, as trade-offs between two thresholds are.
 */
export function drawRoc(candidate: readonly Point[], champion: readonly Point[] | undefined): string {
  const cells = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS }, () => ' '))
  const draw = (mark: string, height: (x: number) => number) => {
    for (let column = 0; column < COLUMNS; column++) {
      const row = Math.round((1 - height(column / (COLUMNS - 1))) * (ROWS - 1))
      cells[Math.min(ROWS - 1, Math.max(0, row))]![column] = mark
    }
  }
  draw('·', (x) => x)
  if (champion) draw('○', (x) => heightAt(champion, x))
  draw('●', (x) => heightAt(candidate, x))
  const label = (row: number) =>
    row === 0 ? '100 %' : row === ROWS - 1 ? '  0 %' : row * 2 === ROWS - 1 ? ' 50 %' : '     '
  const lines = cells.map((row, index) => `${label(index)} │${row.join('')}`.trimEnd())
  return [
    ...lines,
    `      └${'─'.repeat(COLUMNS)}`,
    `       0 %${'50 %'.padStart(COLUMNS / 2)}${'100 %'.padStart(COLUMNS / 2 - 2)}`,
  ].join('\n')
}

/** The share of positives found where so many negatives are taken for one; where the curve rises steeply, the top. */
function heightAt(curve: readonly Point[], x: number): number {
  const after = curve.findIndex(({ false_positive_rate }) => false_positive_rate > x)
  if (after <= 0) return after === 0 ? 0 : (curve.at(-1)?.true_positive_rate ?? 1)
  const [left, right] = [curve[after - 1]!, curve[after]!]
  const part = (x - left.false_positive_rate) / (right.false_positive_rate - left.false_positive_rate)
  return left.true_positive_rate + part * (right.true_positive_rate - left.true_positive_rate)
}
