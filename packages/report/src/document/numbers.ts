const SPACE = '\u00a0'

/** A number with a fixed count of decimals, thousands separators and a real minus: `−0.013`, `+12,345.6`. Zero has no sign. */
export function formatDecimal(value: number, decimals: number, { sign = false }: { sign?: boolean } = {}): string {
  const digits = Math.abs(value).toFixed(decimals)
  const [whole, fraction] = digits.split('.')
  const text = whole!.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`)
  if (Number(digits) === 0) return text
  return (value < 0 ? '−' : sign ? '+' : '') + text
}

/** A whole number of rows or files: `3,012,345`. */
export function formatCount(count: number): string {
  return formatDecimal(count, 0)
}

/** `1 row`, `12 rows`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)}${SPACE}${noun}${count === 1 ? '' : 's'}`
}

/** A share of 1 as `95 %`, `97.5 %`. */
export function formatPercent(share: number, decimals: number = 0): string {
  return `${formatDecimal(share * 100, decimals)}${SPACE}%`
}

/** A confidence or a limit of 0.95 as `95 %`, with as many decimals as it has. */
export function formatConfidence(confidence: number): string {
  return `${Number((confidence * 100).toFixed(4))}${SPACE}%`
}

/** A number as short as people write it: `0.5`, `0.002`. */
export function formatShort(value: number): string {
  return String(Number(value.toPrecision(6)))
}

/** A size in decimal units: `512 B`, `1.6 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${formatDecimal(value, power === 0 || value >= 100 ? 0 : 1)}${SPACE}${units[power]}`
}

/** A time from milliseconds: `0.8 s`, `48 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000)
  if (seconds < 9.95) return `${formatDecimal(seconds, 1)}${SPACE}s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole}${SPACE}s`
  const [big, bigUnit, small, smallUnit] =
    whole < 3600
      ? [Math.floor(whole / 60), 'min', whole % 60, 's']
      : [Math.floor(whole / 3600), 'h', Math.floor((whole % 3600) / 60), 'min']
  return `${big}${SPACE}${bigUnit}${small === 0 ? '' : ` ${small}${SPACE}${smallUnit}`}`
}

/** A moment (ISO 8601) in UTC: `2026-04-02 10:00`. */
export function formatMinute(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)}`
}

/** `2026-04-02 10:00`, with its seconds where several of these times fall into that minute. */
export function timeFormatter(times: readonly string[]): (time: string) => string {
  const inMinute = Map.groupBy(times, formatMinute)
  return (time) =>
    (inMinute.get(formatMinute(time))?.length ?? 0) > 1
      ? `${formatMinute(time)}:${time.slice(17, 19)}`
      : formatMinute(time)
}

/** Rounded up to two digits that count, for what is only known about: 3,092 is `3,100`. */
export function formatAbout(count: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1)
  return formatCount(Math.ceil(count / step) * step)
}

/** The first characters of a digest or commit, enough to tell it apart. */
export function shortDigest(digest: string, length: 7 | 12 = 12): string {
  return digest.slice(0, length)
}
