import { unprocessable } from '../../http/errors.ts'

interface Statement {
  subject: Array<{ digest: Record<string, string> }>
  predicateType: string
}

/** What an attestation is about: its bundle holds an in-toto statement. */
export function readBundle(bundle: Record<string, unknown>): { digests: string[]; predicateType: string } {
  const statement = readStatement(bundle)
  const digests = statement?.subject.flatMap(({ digest }) =>
    Object.entries(digest).map(([name, value]) => `${name}:${value}`),
  )
  if (!statement || !digests?.length) throw unprocessable('Invalid attestation bundle')
  return { digests, predicateType: statement.predicateType }
}

function readStatement({ dsseEnvelope }: Record<string, unknown>): Statement | undefined {
  try {
    const { payload } = dsseEnvelope as { payload: string }
    const statement = JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as Statement
    const isOne = Array.isArray(statement.subject) && typeof statement.predicateType === 'string'
    return isOne && statement.subject.every(({ digest }) => typeof digest === 'object') ? statement : undefined
  } catch {
    return undefined
  }
}
