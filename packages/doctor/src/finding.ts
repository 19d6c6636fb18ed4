/** One thing that was looked at. */
export interface Finding {
  level: 'ok' | 'warn' | 'fail'
  /** What it is about, as a heading: `model files`, `environments`. */
  about: string
  /** What was found, as a sentence. */
  finding: string
  /** What to do about it, as a sentence. Empty where it is well. */
  mend: string
}

/** What was found out, or why it could not be, as the end of a sentence. */
export type Looked<T> = { known: T } | { unknown: string }

/** The findings about one thing. */
export type Diagnosis = Array<Omit<Finding, 'about'>>

export function ok(finding: string): Diagnosis {
  return [{ level: 'ok', finding, mend: '' }]
}

export function warn(finding: string, mend: string): Diagnosis {
  return [{ level: 'warn', finding, mend }]
}

export function fail(finding: string, mend: string): Diagnosis {
  return [{ level: 'fail', finding, mend }]
}

/** Looks at what is known; what is not is a warning, never silence. */
export function seen<T>(looked: Looked<T>, what: string, judge: (known: T) => Diagnosis): Diagnosis {
  if ('known' in looked) return judge(looked.known)
  return warn(
    `Could not look at ${what}: ${looked.unknown}.`,
    'Run doctor with a token that may, or look at it yourself.',
  )
}

/** What was found, or that all is well where nothing was. */
export function orOk(found: Diagnosis, well: string): Diagnosis {
  return found.length > 0 ? found : ok(well)
}
