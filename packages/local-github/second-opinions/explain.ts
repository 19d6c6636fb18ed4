import type { Difference } from './compare.ts'

/** Why an answer of ours differs and is right nevertheless. */
export interface Explanation {
  /** Fits the place of a difference. */
  at: RegExp
  because: string
}

/** The differences by their explanations; those that nothing explains are our bugs. */
export function explain(differences: Difference[], explanations: readonly Explanation[]) {
  const of = (difference: Difference) => explanations.find(({ at }) => at.test(difference.at))
  return {
    unexplained: differences.filter((difference) => !of(difference)),
    /** Explanations of nothing: what they excused is gone. */
    stale: explanations.filter((each) => !differences.some((difference) => of(difference) === each)),
    explained: explanations.map((each) => ({
      because: each.because,
      differences: differences.filter((difference) => of(difference) === each),
    })),
  }
}

/** A section of docs/local-github-second-opinions.md. */
export function describeDifferences(
  title: string,
  intro: string,
  explained: ReturnType<typeof explain>['explained'],
): string {
  const rows = explained.flatMap(({ because, differences }) =>
    differences.map(({ at, theirs, ours }) => `| ${cell(at)} | ${cell(theirs)} | ${cell(ours)} | ${because} |`),
  )
  return [`## ${title}`, '', intro, '', '| Where | They | Ours | Why |', '|---|---|---|---|', ...rows].join('\n')
}

const cell = (text: string) => `\`${text.replaceAll('\n', '\\n').replaceAll('|', '\\|').replaceAll('`', "'")}\``
