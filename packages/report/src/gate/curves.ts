import type { Predicate } from '@modelyard/spec'
import { type Block, code, type Phrase } from '../document/document.ts'
import { formatCount, formatDecimal } from '../document/numbers.ts'
import { drawInterval } from '../pictures/interval-picture.ts'
import { drawRoc } from '../pictures/roc-picture.ts'
import { formatEstimate, type Gate } from './metrics.ts'

type Calibration = NonNullable<Predicate<'gate'>['calibration']>['candidate']

/** Whether probabilities are what they say: the errors beside what chance alone would show, and the curve, bin by bin. */
export function calibrationDetails({ calibration, champion }: Gate): Block[] {
  if (!calibration) return []
  const { candidate } = calibration
  const models: Array<[string, Calibration]> = [
    ['candidate', candidate],
    ...(calibration.champion && champion ? [[champion.version, calibration.champion] as [string, Calibration]] : []),
  ]
  const { error, expected } = candidate.equal_mass
  return [
    {
      details: `Calibration: probabilities are off by ${formatDecimal(error, 3)} on average, where chance alone makes ${formatDecimal(expected, 3)}`,
      blocks: [errorTable(models), ...curve(candidate)],
    },
  ]
}

function errorTable(models: ReadonlyArray<[string, Calibration]>): Block {
  const { equal_width, equal_mass } = models[0]![1]
  const error = ({ error, expected }: Calibration['equal_mass']) =>
    `${formatDecimal(error, 4)} (${formatDecimal(expected, 4)})`
  return {
    table: {
      head: [
        'expected calibration error (by chance alone)',
        `${equal_mass.bins} bins of equal mass`,
        `${equal_width.bins} bins of equal width`,
        'Spiegelhalter',
      ],
      align: ['l', 'r', 'r', 'r'],
      rows: models.map(([name, { equal_mass, equal_width, spiegelhalter }]) => [
        name,
        error(equal_mass),
        error(equal_width),
        spiegelhalter === null
          ? '—'
          : `z ${formatDecimal(spiegelhalter.z, 2)}, p ${spiegelhalter.p_value < 0.001 ? '< 0.001' : formatDecimal(spiegelhalter.p_value, 3)}`,
      ]),
    },
  }
}

/** A row for each bin of equal mass; all pictures are of one scale, so that they show how the error runs. */
function curve({ curve }: Calibration): Block[] {
  if (curve.length === 0) return []
  const errors = curve.map(({ predicted, observed: { low, value, high } }) => ({
    low: low === null ? null : low - predicted,
    value: value === null ? null : value - predicted,
    high: high === null ? null : high - predicted,
  }))
  const widest = Math.max(...errors.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]))
  const picture = (error: (typeof errors)[number]) =>
    code(drawInterval({ ...error, margin: null, better: 'higher', cell: widest / 5 || 1 }))
  const scale = { factor: 100, decimals: 1, unit: '\u00a0%' }
  return [
    {
      table: {
        head: ['rows', 'predicted', 'came true', 'fewer\u00a0│\u00a0more than predicted'],
        align: ['r', 'r', 'r', 'c'],
        rows: curve.map(({ rows, predicted, observed }, index): Phrase[] => [
          formatCount(rows),
          formatDecimal(predicted * 100, 1) + scale.unit,
          formatEstimate(observed, scale),
          picture(errors[index]!),
        ]),
      },
    },
    { small: [code('├─●─┤'), ' the share that came true · ', code('│'), ' what was predicted'] },
  ]
}

/** How many of the positives are found at which price, of both models in one picture. */
export function rocDetails({ roc, champion }: Gate): Block[] {
  if (!roc || roc.candidate.length < 2) return []
  const other = roc.champion && champion ? ` · ○ ${champion.version}` : ''
  return [
    {
      details: 'ROC curve',
      blocks: [
        { listing: drawRoc(roc.candidate, roc.champion ?? undefined), language: 'text' },
        {
          small: `● candidate${other} · upwards the share of positives that are found, to the right the share of negatives that are taken for one`,
        },
      ],
    },
  ]
}
