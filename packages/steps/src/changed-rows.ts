import { listChanged } from '@modelyard/evaluation'
import type { ChangedRows } from '@modelyard/report'
import { UserError } from '@modelyard/spec'
import type { StepContext } from './context.ts'
import { findContest } from './replay/gate.ts'
import type { Asked } from './replay/replayer.ts'
import { type ReplayOptions, readAsked } from './replay.ts'

export interface ChangedRowsOptions extends ReplayOptions {
  /** Only the rows that became so; both unless it is said. */
  to?: 'right' | 'wrong'
  /** SQL that must be true of a row. */
  where?: string
}

/**
 * Lists the rows on which the champion and the candidate of a gate record differ in being right, from the files that the
 * record names by digest. Needs no network. Throws a `UserError` for files that are not there or other ones.
 */
export async function changedRows(context: StepContext, options: ChangedRowsOptions): Promise<ChangedRows> {
  const { kind, asked } = await readAsked(context, options)
  if (kind !== 'gate')
    throw new UserError(`${options.record} is a ${kind} record. Name the gate.json of a run or a release.`)
  const { champion, ...contest } = await findContest(asked as Asked<'gate'>)
  const { record, model } = asked as Asked<'gate'>
  if (!champion) {
    throw new UserError(
      `No row of ${model.name} can have changed sides: ${options.record} compares the candidate with no version.`,
    )
  }
  const { to, where } = options
  const { rows, counts } = await listChanged({ ...contest, champion, to, where })
  const recorded = record.predicate.changed
  const same = recorded?.newly_right === counts.newly_right && recorded.newly_wrong === counts.newly_wrong
  const notes = same
    ? []
    : [
        `The record counts ${recorded?.newly_right ?? 'no'} rows newly right and ${recorded?.newly_wrong ?? 'no'} newly wrong; here there are ${counts.newly_right} and ${counts.newly_wrong}: another engine or model file rounds or asks otherwise.`,
      ]
  return { model: model.name, champion: champion.version, rows, notes }
}
