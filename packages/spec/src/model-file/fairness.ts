import type { Contradiction } from './contradictions.ts'
import { labelColumns } from './labels.ts'
import { isGroupMetric } from './metrics.ts'
import type { ModelFile } from './schema.ts'
import { show } from './wording.ts'

/** Metrics that compare groups where none are named, and groups that are the truth itself. */
export function ungrouped(model: ModelFile): Contradiction[] {
  const found: Contradiction[] = []
  const say = (path: PropertyKey[], message: string) => found.push({ path, message: `${show(path)} is ${message}` })
  for (const [index, metric] of model.evaluate.metrics.entries()) {
    if (!isGroupMetric(metric)) continue
    say(
      ['evaluate', 'metrics', index],
      `${metric}, which compares groups: write it as a gate, with by. The report shows it.`,
    )
  }
  for (const [index, { by }] of model.evaluate.gates.entries()) {
    if (by === undefined || !labelColumns(model).includes(by)) continue
    say(
      ['evaluate', 'gates', index, 'by'],
      `${by}, the label. Name the column of the groups that are to be treated alike.`,
    )
  }
  return found
}
