import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '../store/store.ts'

/**
 * The server's own signatures on commits that it makes, as git's SSH signatures (PROTOCOL.sshsig), so that git can
 * check them. GitHub signs with a PGP key of its own.
 */
export function signPayload(store: Store, payload: string): string {
  const key = keyOf(store)
  const signature = Buffer.concat([text('ssh-ed25519'), field(sign(null, toBeSigned(payload), key))])
  const blob = Buffer.concat([
    Buffer.from('SSHSIG'),
    Buffer.from([0, 0, 0, 1]),
    field(publicBlob(key)),
    text('git'),
    text(''),
    text('sha512'),
    field(signature),
  ])
  const lines = blob
    .toString('base64')
    .match(/.{1,70}/g)!
    .join('\n')
  return `${BEGIN}\n${lines}\n-----END SSH SIGNATURE-----`
}

/** Whether this server made the signature, for this payload. */
export function isOwnSignature(store: Store, payload: string, signature: string): boolean {
  if (!signature.startsWith(BEGIN)) return false
  const blob = Buffer.from(signature.replace(/-----[A-Z ]+-----/g, ''), 'base64')
  const key = keyOf(store)
  if (
    !blob
      .subarray(10)
      .subarray(0, publicBlob(key).length + 4)
      .equals(field(publicBlob(key)))
  )
    return false
  return verify(null, toBeSigned(payload), createPublicKey(key), blob.subarray(-64))
}

const BEGIN = '-----BEGIN SSH SIGNATURE-----'

const field = (bytes: Buffer) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
const text = (value: string) => field(Buffer.from(value))

function toBeSigned(payload: string): Buffer {
  const digest = createHash('sha512').update(payload).digest()
  return Buffer.concat([Buffer.from('SSHSIG'), text('git'), text(''), text('sha512'), field(digest)])
}

function publicBlob(key: KeyObject): Buffer {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  return Buffer.concat([text('ssh-ed25519'), field(Buffer.from(x!, 'base64url'))])
}

const keys = new WeakMap<Store, KeyObject>()

/** Made when first needed, and the same after a restart. */
function keyOf(store: Store): KeyObject {
  const known = keys.get(store)
  if (known) return known
  const file = join(store.root, 'signing-key.pem')
  if (!existsSync(file)) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(file, pem, { mode: 0o600 })
  }
  const key = createPrivateKey(readFileSync(file))
  keys.set(store, key)
  return key
}
