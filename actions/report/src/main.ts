import type { Context, Result } from '@modelyard/action-kit'
import { gravest } from '@modelyard/spec'
import { report, reportOnAnswered } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main(_inputs: Inputs, context: Context): Promise<Result<Output>> {
  const { answers } = context.run
  const reports = answers ? await reportOnAnswered(context, answers) : await report(context, { models: [] })
  return {
    outputs: {
      // Of nothing there is no verdict: where a fork's run is answered that left none, say.
      verdict: reports.length === 0 ? '' : gravest(reports.map(({ record }) => record.predicate.verdict)),
      reports: JSON.stringify(
        reports.map(({ model, title, url, files, record }) => ({
          ...{ model, title, url: url ?? null, claims: record.predicate.claims, files },
        })),
      ),
      junit: reports.map(({ files }) => files.junit).join('\n'),
      json: reports.map(({ files }) => files.json).join('\n'),
    },
    records: [],
    summary: reports.map(({ markdown }) => markdown).join('\n\n'),
  }
}
