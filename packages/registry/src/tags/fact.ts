import type { TagObject } from '@modelyard/github'
import type { TagFact } from './state.ts'

const SILENT = { object: null, time: new Date(0).toISOString(), actor: '', message: '' }

/** Git and GitHub keep the signature of a tag at the end of its message. */
const SIGNATURE = /^-----BEGIN (?:PGP|SSH) SIGNATURE-----$[\s\S]*/m

/** A tag that has no object of its own. */
export function lightweight(name: string, target: string): TagFact {
  return { name, target, ...SILENT }
}

/** What the object of a tag says. One of something else than a commit, or of no time, announces nothing. */
export function annotated(name: string, { sha, target, tagger, time, message }: Omit<TagObject, 'name'>): TagFact {
  const isEvent = target.type === 'commit' && time !== null
  return {
    ...{ name, object: isEvent ? sha : null, target: target.sha },
    ...(target.type === 'commit' ? {} : { names: target.type }),
    ...(time === null ? { isTooLate: true } : {}),
    ...{ time: time ?? SILENT.time, actor: tagger, message: message.replace(SIGNATURE, '') },
  }
}
