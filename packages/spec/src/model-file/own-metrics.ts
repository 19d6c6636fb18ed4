import type { Contradiction } from './contradictions.ts'
import { ALIAS_NAMES, ALIASES } from './metrics/aliases.ts'
import { isOwnMetric, METRIC_NAMES, metricFacts } from './metrics.ts'
import { namedMetrics } from './named-metrics.ts'
import type { ModelFile } from './schema.ts'
import { didYouMean, show } from './wording.ts'

/** What does not fit between the metrics of the repository's own and the command that scores them. */
export function unscored(model: ModelFile): Contradiction[] {
  const { task, data, evaluate } = model
  const strangers = namedMetrics(model).filter(({ metric }) => metricFacts(metric).of === 'scores')
  const found: Contradiction[] = strangers.flatMap(({ metric, path }) => {
    if (!isOwnMetric(metric)) {
      const message = `${show(path)} is ${metric}: a metric of your own is written in small letters, digits and "_", beginning with a letter.`
      return [{ path, message }]
    }
    if (evaluate.scores) return []
    const others = METRIC_NAMES.filter((name) => (metricFacts(name).tasks as readonly string[]).includes(task))
    return [
      {
        path,
        message: `${show(path)} is ${metric}, which is none of Modelyard's metrics.${didYouMean(metric, [...others, ...ALIAS_NAMES.filter((name) => others.includes(ALIASES[name]))])} For a metric of your own, say in evaluate.scores what scores it.`,
      },
    ]
  })
  const say = (message: string) => found.push({ path: ['evaluate', 'scores'], message })
  if (evaluate.scores && strangers.length === 0) {
    say(
      'evaluate.scores computes metrics of your own, and evaluate.metrics and evaluate.gates name none: add one that ends in _score, _loss or _error, or leave it out.',
    )
  }
  if (evaluate.scores && data.id === undefined) {
    say('evaluate.scores needs data.id, the column that names a row: scores are matched by it.')
  }
  return found
}
