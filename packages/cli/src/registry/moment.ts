import { UserError } from '@modelyard/spec'

const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/

/**
 * A moment as people write it (`2026-04-02`, its beginning; `2026-04-02 10:00`; with or without a zone, else UTC) as
 * ISO 8601. Throws a `UserError` for what is none.
 */
export function moment(written: string): string {
  const [, day, time = '00:00', zone = 'Z'] = MOMENT.exec(written.trim()) ?? []
  const found = new Date(`${day}T${time}${zone}`)
  // JavaScript takes the 31st of a short month for the first days of the next.
  const isDay = !Number.isNaN(found.getTime()) && new Date(`${day}T00:00Z`).toISOString().startsWith(day!)
  if (isDay) return found.toISOString()
  throw new UserError(
    `The moment is ${JSON.stringify(written)}; it must look like 2026-04-02, 2026-04-02T10:00 (both in UTC) or 2026-04-02T10:00+02:00.`,
  )
}
