import { code, link, phrase, plain } from '../document/document.ts'
import { renderMarkdown } from '../document/markdown.ts'
import { countOf, shortDigest } from '../document/numbers.ts'
import { REPORT_BUDGET, type RenderedReport } from './report.ts'

/** A text for a pull request: a comment's, or that of a check with its title. */
export interface Page {
  title: string
  markdown: string
  conclusion: 'success' | 'failure'
}

/** What a fork's run claims of all its models, as one page: how many there are is the stranger's choice. */
export function renderClaims(reports: readonly RenderedReport[]): Page {
  const passing = reports.filter(({ conclusion }) => conclusion === 'success').length
  const [only] = reports
  return {
    title:
      reports.length === 1
        ? only!.title
        : `A fork's claims: ${passing} of ${countOf(reports.length, 'model')} would pass`,
    markdown: reports.map(({ markdown }) => markdown).join('\n\n'),
    conclusion: passing === reports.length ? 'success' : 'failure',
  }
}

/** What takes the place of a fork's claims where its newest run has none that can be shown: they must not go on standing. */
export function renderUnreported({ commit, why, runUrl }: { commit: string; why: string; runUrl: string }): Page {
  const first = phrase`❌ A fork's claim: nothing about its newest commit ${code(shortDigest(commit, 7))}`
  const markdown = renderMarkdown(
    [
      { heading: first },
      { paragraph: phrase`${link('Its run', runUrl)} was not reported: ${why}` },
      { paragraph: 'What stood here was about a run before.' },
    ],
    { budget: REPORT_BUDGET, notice: 'Shortened.' },
  )
  return { title: plain(first), markdown, conclusion: 'failure' }
}
