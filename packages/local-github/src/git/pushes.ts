import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { decide, type RefChange } from '../rules/refs.ts'
import { workflowRefusal } from '../rules/workflow-files.ts'
import { repoHtml } from '../shapes/common.ts'
import type { Repository } from '../store/entities.ts'
import { fullName } from '../store/store.ts'

const PATH = /^\/_services\/push\/([0-9a-f]{32})$/

/** Pushes that are being received, by the secret that their hook knows. */
const pending = new Map<string, { hub: Hub; repo: Repository; by: Principal }>()

/**
 * Receives a push under the eyes of the rules: `receive` is given what git's `receive-pack` needs to know to ask for
 * each ref. Where nothing could stand in a push's way git asks nobody.
 */
export async function holdPush<T>(
  hub: Hub,
  repo: Repository,
  by: Principal,
  receive: (env: Record<string, string>) => Promise<T>,
): Promise<T> {
  if (!mayBeRefused(hub, repo, by)) return receive({})
  const secret = randomBytes(16).toString('hex')
  pending.set(secret, { hub, repo, by })
  try {
    return await receive({
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: hooksFolder(hub),
      GIT_CONFIG_KEY_1: 'receive.procReceiveRefs',
      GIT_CONFIG_VALUE_1: 'refs',
      LOCAL_GITHUB_PUSH: `${hub.urls.server}/_services/push/${secret}`,
    })
  } finally {
    pending.delete(secret)
  }
}

function mayBeRefused({ store }: Hub, repo: Repository, by: Principal): boolean {
  const isOwn = (row: { repo: number }) => row.repo === repo.id
  return (
    by.kind === 'job' ||
    [store.rulesets, store.branchProtections].some((table) => table.find(isOwn) !== undefined) ||
    store.releases.find((row) => isOwn(row) && row.immutable) !== undefined ||
    store.spentTags.find((row) => row.repository === fullName(repo)) !== undefined
  )
}

/** Git runs hooks by their name in a folder. */
function hooksFolder({ store }: Hub): string {
  const folder = join(store.root, 'hooks')
  const hook = join(folder, 'proc-receive')
  if (!existsSync(hook)) {
    mkdirSync(folder, { recursive: true })
    const script = fileURLToPath(new URL('./proc-receive.mjs', import.meta.url))
    writeFileSync(hook, `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(script)}\n`, { mode: 0o755 })
  }
  return folder
}

const quote = (path: string) => `'${path.replaceAll("'", "'\\''")}'`

/** Answers the hook of a push that is being received; false when the request is no hook's. */
export async function answerHook(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const [, secret = ''] = PATH.exec(request.url ?? '') ?? []
  const push = pending.get(secret)
  if (!push) return false
  const changes = JSON.parse(await text(request)) as RefChange[]
  const said: string[] = []
  const refused: Record<string, string> = {}
  for (const change of changes) {
    const { words, reason } = await judge(push, change)
    said.push(words)
    if (reason) refused[change.ref] = reason
  }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ said: said.join(''), refused }))
  return true
}

/** What the pusher reads, and why git refuses the ref. */
async function judge(
  { hub, repo, by }: { hub: Hub; repo: Repository; by: Principal },
  change: RefChange,
): Promise<{ words: string; reason?: string }> {
  const { ref } = change
  const { refusal, waived } = await decide(hub, repo, by, change)
  if (refusal?.kind === 'workflow') return { words: '', reason: workflowRefusal(refusal.path) }
  if (refusal?.kind === 'ruleset') {
    const rules = `${repoHtml(hub, repo)}/rules?ref=${encodeURIComponent(ref)}`
    const head = `error: GH013: Repository rule violations found for ${ref}.\nReview all repository rules at ${rules}\n`
    return { words: head + list(refusal.sentences), reason: 'push declined due to repository rule violations' }
  }
  if (refusal?.kind === 'protection') {
    const head = `error: GH006: Protected branch update failed for ${ref}.\n`
    return { words: head + list(refusal.sentences), reason: 'protected branch hook declined' }
  }
  return { words: waived.length ? `Bypassed rule violations for ${ref}:\n${list(waived)}` : '' }
}

const list = (sentences: string[]) => `\n${sentences.map((sentence) => `- ${sentence}\n\n`).join('')}`
