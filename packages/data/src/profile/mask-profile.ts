import type { ColumnSummary, Profile } from '@modelyard/spec'
import { keepNewest } from './merge-profiles.ts'

/** A profile as it would be, had these columns been masked when it was made; itself where it tells nothing of them. */
export function maskProfile(profile: Profile, masked: ReadonlySet<string>): Profile {
  const told = ({ name }: { name: string }) => !masked.has(name)
  const kept = [...profile.columns.keys()].filter((index) => told(profile.columns[index]!))
  const timed = profile.time === null || !masked.has(profile.time.column)
  const summarized = 'summaries' in profile && profile.summaries.some((each) => !each.masked && !told(each))
  if (timed && !summarized && kept.length === profile.columns.length) return profile
  const windows = profile.windows.map(({ columns, ...window }) => ({
    ...window,
    columns: kept.map((index) => columns[index]!),
  }))
  return {
    ...profile,
    ...(!timed && { time: null, span: null }),
    columns: kept.map((index) => profile.columns[index]!),
    windows: timed ? windows : keepNewest(windows.map((window) => ({ ...window, start: null }))),
    ...('summaries' in profile && {
      summaries: profile.summaries.map((each) => (told(each) ? each : countsOnly(each))),
    }),
  }
}

function countsOnly(summary: ColumnSummary): ColumnSummary {
  const nothing = { min: null, max: null, sums: null, sketch: null, lengths: null, distinct: null, values: null }
  return { ...summary, masked: true, ...nothing }
}
