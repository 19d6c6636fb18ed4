import type { RegistryEvent, VersionFile } from '@modelyard/spec'
import { clean, metricFacts } from '@modelyard/spec'

/** Facts at the end of a git message, `Key: value` line by line, as `git interpret-trailers` reads them. */
export type Trailers = Record<string, string>

/** The trailers of a message: its last paragraph, if every line of it is one. */
export function readTrailers(message: string): Trailers {
  const last =
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? ''
  const pairs = last.split('\n').map((line) => /^([A-Za-z][A-Za-z-]*): (.*)$/.exec(line))
  if (pairs.some((pair) => pair === null)) return {}
  return Object.fromEntries(pairs.map((pair) => [pair![1]!, pair![2]!]))
}

/** The SHA-256 of the model that a tag's message is about; null where it does not say. */
export function modelDigestIn(message: string): string | null {
  return readTrailers(message)['Model-Digest'] ?? null
}

/** A version tag's message: the first line is GTO's, the metrics follow, the digests stand as trailers. */
export function registrationMessage(file: VersionFile, facts: { gate: string; bump: string }): string {
  const metrics = file.metrics.map(({ name, candidate }) => {
    const { value, low, high, reason } = candidate
    if (value === null) return `${metricFacts(name).label}: none (${reason ?? 'not computed'})`
    // Of what is a fact, such as a size, the interval is a point.
    const interval =
      low === null || high === null || low === high ? '' : ` (95 % interval ${round(low)} to ${round(high)})`
    return `${metricFacts(name).label}: ${round(value)}${interval}`
  })
  return join([
    `Registering artifact ${file.model} version ${file.version}`,
    file.description === null ? '' : oneLine(file.description),
    metrics.join('\n'),
    trailers({
      'Model-Digest': file.digests.model,
      'Gate-Digest': facts.gate,
      'Training-Digest': file.digests.training,
      'Validation-Digest': file.digests.validation,
      ...Object.fromEntries(
        file.data.map(({ role, sha256 }) => [role === 'train' ? 'Data-Digest' : 'Holdout-Digest', sha256]),
      ),
      'Source-Commit': file.source.commit,
      Champion: file.champion ?? 'none',
      Verdict: file.verdict,
      Bump: facts.bump,
    }),
  ])
}

/** A stage tag's message. */
export function assignmentMessage(facts: {
  model: string
  version: string
  stage: string
  replaces: string | null
  reason: string
  digest: string | null
  trailers: Trailers
}): string {
  return join([
    `Assigning stage ${facts.stage} to artifact ${facts.model} version ${facts.version}`,
    oneLine(facts.reason),
    trailers({
      ...(facts.digest === null ? {} : { 'Model-Digest': facts.digest }),
      Replaces: facts.replaces ?? 'none',
      ...Object.fromEntries(Object.entries(facts.trailers).map(([key, value]) => [key, oneLine(value)])),
    }),
  ])
}

/** The message of a tag that puts a version into quarantine or takes it out. */
export function quarantineMessage(facts: { model: string; version: string; lift: boolean; reason: string }): string {
  return join([
    `${facts.lift ? 'Taking' : 'Putting'} artifact ${facts.model} version ${facts.version} ${facts.lift ? 'out of' : 'into'} quarantine`,
    oneLine(facts.reason),
  ])
}

/** The message of a tag that takes a stage's version away; the first line is GTO's. */
export function unassignmentMessage(facts: { model: string; version: string; stage: string; reason: string }): string {
  return join([
    `Unassigning stage '${facts.stage}' to artifact '${facts.model}' version '${facts.version}'`,
    oneLine(facts.reason),
  ])
}

/** The message of a tag that deprecates a version or, where that is null, the model; the first line is GTO's. */
export function deprecationMessage(facts: {
  model: string
  version: string | null
  reason: string
  digest: string | null
}): string {
  const { model, version, reason, digest } = facts
  if (version === null) return join([`Deprecating artifact '${model}'`, oneLine(reason)])
  return join([
    `Deregistering artifact ${model} version ${version}`,
    oneLine(reason),
    digest === null ? '' : trailers({ 'Model-Digest': digest }),
  ])
}

/** The sentence on why in a tag's message: its second paragraph, unless that is trailers. */
export function reasonIn(message: string): string {
  const [, second = ''] = message.trimEnd().split(/\n\s*\n/)
  return Object.keys(readTrailers(`\n\n${second}`)).length > 0 ? '' : oneLine(second)
}

/** What a model's log says in `git log`. */
export function logMessage(event: RegistryEvent): string {
  const digests = event.type === 'registration' ? event.identity : null
  return join([
    `${event.version === null ? event.model : `${event.model} ${event.version}`} ${outcome(event)}`,
    event.type === 'registration' ? '' : oneLine(event.reason),
    trailers({
      Model: event.model,
      ...(event.version === null ? {} : { Version: event.version }),
      ...('stage' in event ? { Stage: event.stage } : {}),
      ...{ Tag: event.tag.name, Commit: event.commit, Actor: oneLine(event.actor) },
      ...(digests ? { 'Model-Digest': digests.model, 'Gate-Digest': digests.gate } : {}),
    }),
  ])
}

function outcome(event: RegistryEvent): string {
  switch (event.type) {
    case 'registration':
      return 'registered'
    case 'assignment':
      return `is in ${event.stage}`
    case 'unassignment':
      return `is no longer in ${event.stage}`
    case 'quarantine':
      return event.lifted ? 'is out of quarantine' : 'is in quarantine'
    case 'deprecation':
      return 'is deprecated'
  }
}

function trailers(facts: Trailers): string {
  return Object.entries(facts)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')
}

function join(paragraphs: string[]): string {
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`
}

/** What people wrote must not look like a paragraph of trailers, nor steer the terminal of who reads it. */
function oneLine(text: string): string {
  return clean(text.replace(/\s+/g, ' ')).trim()
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)))
}
