import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign, verify } from 'node:crypto'

export interface Oidc {
  /** A signed JWT that lives for five minutes. */
  issue: (claims: Record<string, unknown>, lifetimeSeconds?: number) => string
  /** The claims of a token of ours that is still good. */
  verify: (token: string) => Record<string, unknown> | undefined
  jwks: () => { keys: Record<string, unknown>[] }
}

/** Signs as `issuer` with a key that lives as long as the server. */
export function createOidc(issuer: string): Oidc {
  // Made for the first token: to find two primes takes longer than to start.
  let made: KeyObject | undefined
  const privateKey = () => {
    made ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    return made
  }
  const kid = randomUUID()
  return {
    issue: (claims, lifetimeSeconds = 300) => {
      const seconds = Math.floor(Date.now() / 1000)
      const times = { iat: seconds, nbf: seconds - 5, exp: seconds + lifetimeSeconds }
      return signJwt({ jti: randomUUID(), iss: issuer, ...times, ...claims }, privateKey(), kid)
    },
    verify: (token) => {
      const [head = '', body = '', signature = ''] = token.split('.')
      const key = createPublicKey(privateKey())
      if (!verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) return undefined
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
      return Number(claims.exp) > Date.now() / 1000 ? claims : undefined
    },
    jwks: () => ({
      keys: [{ ...createPublicKey(privateKey()).export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }],
    }),
  }
}

function signJwt(payload: unknown, key: KeyObject, kid: string): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const content = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(payload)}`
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`
}
