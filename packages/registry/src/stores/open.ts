import type { GitHub } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { openLfs } from './lfs.ts'
import { openOci } from './oci.ts'
import { openS3 } from './s3.ts'
import type { Store } from './store.ts'

const KINDS: Record<string, (pointer: URL, env: NodeJS.ProcessEnv) => Store> = { 's3:': openS3, 'oci:': openOci }

/** Opens the store that a pointer names; throws a `UserError` where it names none, or its credentials are missing. */
export function openStore(github: GitHub, pointer: string, env: NodeJS.ProcessEnv = process.env): Store {
  if (pointer === 'lfs') return openLfs(github)
  const url = URL.canParse(pointer) ? new URL(pointer) : undefined
  if (url?.username || url?.password) {
    throw new UserError(
      `The store ${url.protocol}//…@${url.host} has a login in it, which every manifest would show: take it out. The store's own tools keep logins.`,
    )
  }
  const open = KINDS[url?.protocol ?? '']
  if (url?.host && open) return open(url, env)
  throw new UserError(
    `The store is ${JSON.stringify(pointer)}; it must be s3://bucket/prefix, oci://host/repository or lfs.`,
  )
}
