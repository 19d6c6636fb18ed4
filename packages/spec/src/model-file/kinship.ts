import type { Contradiction } from './contradictions.ts'
import { namedMetrics } from './named-metrics.ts'
import type { ModelFile } from './schema.ts'
import { show } from './wording.ts'

/** Columns that say which rows belong together, in tasks that need to know it or cannot use it. */
export function unrelated(model: ModelFile): Contradiction[] {
  const { task, data } = model
  const found: Contradiction[] = []
  const say = (path: PropertyKey[], message: string) => found.push({ path, message })
  const ranks = task === 'ranking'
  const forecasts = task === 'forecasting'
  if (ranks && data.query === undefined) {
    say(['data'], 'data.query is missing: a ranking needs the column that names the query whose rows it orders.')
  }
  if (forecasts && data.series === undefined) {
    say(['data'], 'data.series is missing: forecasting needs the column that names the series of a row.')
  }
  if (!ranks && data.query !== undefined) {
    say(
      ['data', 'query'],
      `data.query is ${data.query}, and ${task} has no queries. Leave it out, or write task: ranking; rows that belong together are data.group.`,
    )
  }
  for (const key of ['series', 'season'] as const) {
    if (forecasts || data[key] === undefined) continue
    say(
      ['data', key],
      `data.${key} is ${data[key]}, and ${task} has no series. Leave it out, or write task: forecasting; rows that belong together are data.group.`,
    )
  }
  const scaled = namedMetrics(model).find(({ metric }) => metric === 'mase')
  if (forecasts && scaled && data.time === undefined) {
    say(
      scaled.path,
      `${show(scaled.path)} is mase, whose scale comes from each series in the order of time. Name the column with data.time.`,
    )
  }
  return found
}
