import { lets } from '@modelyard/spec'
import { findingsOf } from './findings.ts'
import type { ModelRecords, RenderedReport } from './report.ts'

/**
 * The report as JSON for scripts: verdict, title, metrics with intervals, and everything that was looked at. The
 * records hold more; this is what a chat message or a dashboard needs.
 */
export function renderJsonSummary(
  records: ModelRecords,
  { title, verdict }: Pick<RenderedReport, 'title' | 'verdict'>,
): string {
  const gate = records.gate?.predicate
  const summary = {
    model: records.model,
    verdict,
    passes: lets(verdict),
    title,
    champion: gate?.champion?.version ?? null,
    rows: gate?.holdout.rows ?? null,
    confidence: gate?.confidence ?? null,
    approval: gate?.approval ?? [],
    metrics: gate?.metrics ?? [],
    findings: findingsOf(records),
  }
  return `${JSON.stringify(summary, undefined, 2)}\n`
}
