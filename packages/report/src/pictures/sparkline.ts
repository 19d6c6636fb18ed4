const LEVELS = ['▁', '▂', '▃', '▅', '▇']

/** Values as a row of blocks, the highest for `top` and above; `·` where there is none. */
export function sparkline(values: ReadonlyArray<number | null>, top: number): string {
  return values
    .map((value) => (value === null ? '·' : LEVELS[Math.min(4, Math.max(0, Math.floor((value / (top || 1)) * 5)))]))
    .join('')
}

/** A share as a bar of ten blocks, the whole for `top`: never empty for what is there. */
export function bar(share: number, top: number): string {
  const full = top > 0 ? Math.min(10, Math.round((share / top) * 10)) : 0
  const shown = share > 0 ? Math.max(1, full) : 0
  return '█'.repeat(shown) + '·'.repeat(10 - shown)
}
