/** The first column is text, the others are numbers. */
export function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}

export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)} %`
}

export function points(difference: number): string {
  return `${difference > 0 ? '+' : difference < 0 ? '−' : ''}${Math.abs(100 * difference)}`
}

export function thousands(x: number): string {
  return x.toLocaleString('en-US')
}
