import { lets } from '@modelyard/spec'
import { manyLines } from '../document/escape.ts'
import { findingsOf } from '../gate/findings.ts'
import type { ModelRecords, RenderedReport } from './report.ts'

const LONGEST_TEXT = 2000

/**
 * The report as JSON for scripts: verdict, title, whether it is what a fork claims, metrics with intervals, and
 * everything that was looked at. Texts have no characters that steer. The records hold more; this is what a chat message or a dashboard needs.
 */
export function renderJsonSummary(
  records: ModelRecords,
  { title, verdict, claims }: Pick<RenderedReport, 'title' | 'verdict' | 'claims'>,
): string {
  const gate = records.gate?.predicate
  const summary = {
    model: records.model,
    verdict,
    passes: lets(verdict),
    title,
    claims,
    champion: gate?.champion?.version ?? null,
    rows: gate?.holdout.rows ?? null,
    confidence: gate?.confidence ?? null,
    approval: gate?.approval ?? [],
    metrics: gate?.metrics ?? [],
    findings: findingsOf(records),
  }
  const cleaned = (_: string, value: unknown) => (typeof value === 'string' ? manyLines(value, LONGEST_TEXT) : value)
  return `${JSON.stringify(summary, cleaned, 2)}\n`
}
