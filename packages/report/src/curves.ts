import type { Predicate } from '@modelyard/spec'
import { type Block, code, type Phrase } from './document.ts'
import { formatEstimate, type Gate } from './metrics.ts'
import { countOf, formatCount, formatDecimal } from './numbers.ts'
import { axisOf, drawRange } from './range-picture.ts'
import { drawRoc } from './roc-picture.ts'

type Calibration = NonNullable<Predicate<'gate'>['calibration']>['candidate']

const WIDTH = 25

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

/** A row for each bin of equal mass: the pictures under each other are the curve, `┊` where it would be if calibrated. */
function curve({ curve }: Calibration): Block[] {
  if (curve.length === 0) return []
  const axis = axisOf(
    curve.flatMap(({ predicted, observed: { low, value, high } }) => [predicted, low, value, high]),
    WIDTH,
  )
  const scale = { factor: 100, decimals: 1, unit: '\u00a0%' }
  return [
    {
      table: {
        head: ['predicted', 'rows', 'observed', 'low\u00a0→\u00a0high'],
        align: ['r', 'r', 'r', 'l'],
        rows: curve.map(({ rows, predicted, observed }): Phrase[] => [
          formatDecimal(predicted * 100, 1) + scale.unit,
          formatCount(rows),
          formatEstimate(observed, scale),
          code(drawRange(observed, axis, predicted)),
        ]),
      },
    },
    {
      small: [
        code('┊'),
        ' what was predicted · ',
        code('├─●─┤'),
        ` the share that came true, in ${countOf(curve.length, 'bin')} of as many rows each · a calibrated model has `,
        code('┊'),
        ' inside',
      ],
    },
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
