import { readFileSync } from 'node:fs'

/** Numbers of scipy 1.17.1, scikit-learn 1.9.1 and statsmodels 0.15.0. */
export const golden = JSON.parse(readFileSync(new URL('fixtures/gate.json', import.meta.url), 'utf8'))

export function relativeError(found: number, expected: number): number {
  return Math.abs(found - expected) / Math.abs(expected)
}
