import type { Context, Result } from '@modelyard/action-kit'
import { gravest } from '@modelyard/spec'
import { report, reportOnAnswered } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main(_inputs: Inputs, context: Context): Promise<Result<Output>> {
  const { answers } = context.run
  const reports = answers ? await reportOnAnswered(context, answers) : await report(context, { models: [] })
  return {
    outputs: {
      verdict: gravest(reports.map(({ record }) => record.predicate.verdict)),
      reports: JSON.stringify(
        reports.map(({ model, title, url, files }) => ({ model, title, url: url ?? null, files })),
      ),
      junit: reports.map(({ files }) => files.junit).join('\n'),
      json: reports.map(({ files }) => files.json).join('\n'),
    },
    records: [],
    summary: reports.map(({ markdown }) => markdown).join('\n\n'),
  }
}
