import { type Predicate, UserError } from '@modelyard/spec'
import {
  asChampion,
  type Champion,
  type ContestOptions,
  featuresOf,
  readRows,
  withContest,
} from '../contest/contest.ts'
import { rowsWhere } from '../gates/find-slices.ts'
import { choose } from '../sample/sample.ts'
import { compareSides, type Sides } from './changed.ts'

/** A row that only one of two models gives the right class, with the names of the classes. */
export interface ChangedRow {
  /** As text; the row's number, from 1, where the model file names no id, or one that may not be told. */
  id: string
  newly: 'right' | 'wrong'
  label: string
  champion: string
  candidate: string
}

export interface ChangedRows {
  /** Those that were asked for, in the order of the hold-out. */
  rows: ChangedRow[]
  /** All of them, as the gate record counts them. */
  counts: Pick<NonNullable<Predicate<'gate'>['changed']>, 'newly_right' | 'newly_wrong'>
}

export interface ChangedRowsOptions extends ContestOptions {
  champion: Champion
  /** Only those that became so; both unless it is said. */
  to?: 'right' | 'wrong' | undefined
  /** SQL that must be true of a row. */
  where?: string | undefined
}

/**
 * Lists the rows of the hold-out that changed sides between champion and candidate. Throws a `UserError` where the two
 * give no classes, or not for every row, and for a condition that DuckDB does not take.
 */
export async function listChanged(options: ChangedRowsOptions): Promise<ChangedRows> {
  const { model, to, where, masked } = options
  return withContest(options, async ({ dataset, candidate, champion }) => {
    const inside = where === undefined ? null : await rowsWhere(dataset, where, 'The option --where')
    const features = featuresOf(model)
    const { predictions } = await candidate.predict(dataset, features)
    const before = await asChampion(options.champion, () => champion!.predict(dataset, features))
    const sampleOf = await readRows(model, dataset, { masked })
    const sample = await sampleOf(predictions, before.predictions)
    const sides = compareSides(sample)
    if (!sides) {
      throw new UserError(
        `No row of ${model.name} can change sides: only classes are right or wrong, and every row needs a label and two predictions. The task is ${model.task}.`,
      )
    }
    const { id } = model.data
    const ids = id === undefined || masked?.has(id) ? null : (await dataset.readColumns([id], { text: [id] }))[id]!
    const chosen = { candidate: choose(sample, sample.candidate), champion: choose(sample, sample.champion!) }
    const nameOf = (class_: number) => sample.classes[class_]!
    const rows = Array.from(inside ?? sides.keys()).flatMap((row): ChangedRow[] => {
      const side = sides[row]!
      const newly = side === 1 ? 'right' : 'wrong'
      if (side === 0 || (to !== undefined && to !== newly)) return []
      return [
        {
          id: String(ids ? ids[row] : row + 1),
          newly,
          label: nameOf(sample.labels[row]!),
          champion: nameOf(chosen.champion[row]!),
          candidate: nameOf(chosen.candidate[row]!),
        },
      ]
    })
    return { rows, counts: { newly_right: count(sides, 1), newly_wrong: count(sides, -1) } }
  })
}

function count(sides: Sides, side: 1 | -1): number {
  return sides.reduce((sum, each) => sum + +(each === side), 0)
}
