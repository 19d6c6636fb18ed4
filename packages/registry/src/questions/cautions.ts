import { since } from '../resolve.ts'
import type { State } from '../tags/state.ts'

/**
 * What whoever uses a version should know of it, a sentence each: that it is in quarantine, that its model is
 * deprecated. No reason to refuse it: it may be in production.
 */
export function cautionsOf({ model, quarantined, deprecated }: State, version: string): string[] {
  const held = quarantined.find((entry) => entry.version === version)
  const said = deprecated.find((entry) => entry.version === null)
  return [
    ...(held ? [`${model} ${version} is in quarantine ${since(held)}: nothing deploys it any more.`] : []),
    ...(said ? [`${model} is deprecated ${since(said)}: no newer version of it is to be expected.`] : []),
  ]
}
