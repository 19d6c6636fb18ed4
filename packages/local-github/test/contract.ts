import { findProblems, loadDescription } from '../src/http/description.ts'

export const description = loadDescription()

/** Holds the payload of an event against GitHub's own description. */
export function checkPayload(event: string, payload: object): void {
  const schema = description.webhooks[event]
  if (!schema) throw new Error(`GitHub's description of ${event} was not taken over: see scripts/trim-openapi.ts`)
  const problems = findProblems(schema, payload)
    .slice(0, 6)
    .map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`)
  if (problems.length > 0) throw new Error(`${event} is not what GitHub describes:\n${problems.join('\n')}`)
}
