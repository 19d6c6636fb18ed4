/** `2026-11-22` or `2026-11-22T09:30:00Z`, as the span of time that it names. */
function span(text: string): [from: number, to: number] | undefined {
  const start = Date.parse(text)
  if (Number.isNaN(start)) return undefined
  return [start, text.includes('T') ? start : start + 24 * 3600 * 1000 - 1]
}

/**
 * GitHub's search syntax for dates: a day or a time, `>=…`, `>…`, `<=…`, `<…`, or `…..…` with `*` for an open end.
 * What is no date finds nothing; without a text everything is found.
 */
export function createdWithin(text: string | undefined): (time: string) => boolean {
  if (!text) return () => true
  const [, sign = '', rest = ''] = /^(>=|<=|>|<)?(.*)$/s.exec(text)!
  const [from = '', to = from] = rest.split('..')
  const low = from === '*' ? ([-Infinity, -Infinity] as const) : span(from)
  const high = to === '*' ? ([Infinity, Infinity] as const) : span(to)
  if (!low || !high) return () => false
  const least = sign === '>' ? low[1] + 1 : sign.startsWith('<') ? -Infinity : low[0]
  const most = sign === '<' ? low[0] - 1 : sign.startsWith('>') ? Infinity : high[1]
  return (time) => Date.parse(time) >= least && Date.parse(time) <= most
}
