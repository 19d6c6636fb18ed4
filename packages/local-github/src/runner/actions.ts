import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

/** Our own stand-ins for actions that every workflow uses and no laptop without a network can fetch. */
const SHIMS = fileURLToPath(new URL('../../shims/', import.meta.url))

/** The files of a hosted repository at a ref, as a folder; undefined where neither is here. */
export type Hosted = (repository: string, ref: string) => Promise<string | undefined>

/**
 * Where the actions lie that steps use: in a repository that is hosted here, at the very ref; else in the folder that
 * stands for a repository whatever the ref.
 */
export class ActionFolders {
  readonly #folders = new Map<string, string>()
  readonly #used = new Map<string, Promise<string[]>>()
  readonly #hosted: Hosted

  constructor(given: Record<string, string>, hosted: Hosted) {
    this.#hosted = hosted
    for (const name of ['checkout', 'setup-node', 'setup-python'])
      this.#folders.set(`actions/${name}`, join(SHIMS, name))
    for (const [action, folder] of Object.entries(given))
      this.#folders.set(action.split('@')[0]!.toLowerCase(), resolve(folder))
  }

  /** `owner/repo@ref` → folder for every action that these steps, and the actions behind them, use. */
  async resolve(steps: unknown): Promise<Record<string, string>> {
    const resolved: Record<string, string> = {}
    const pending = findUses(steps)
    for (let use = pending.pop(); use; use = pending.pop()) {
      if (use in resolved) continue
      const [repository, ref] = use.split('@') as [string, string]
      const folder = (await this.#hosted(repository, ref)) ?? this.#folders.get(repository.toLowerCase())
      if (!folder) continue
      resolved[use] = folder
      pending.push(...(await this.#usesOf(folder)))
    }
    return resolved
  }

  #usesOf(folder: string): Promise<string[]> {
    const known = this.#used.get(folder) ?? readUses(folder)
    this.#used.set(folder, known)
    return known
  }
}

async function readUses(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const actions = files.filter((file) => /^action\.ya?ml$/.test(file.name) && !file.parentPath.includes('node_modules'))
  const texts = await Promise.all(actions.map((file) => readFile(join(file.parentPath, file.name), 'utf8')))
  return texts.flatMap((text) => findUses((parse(text) as { runs?: { steps?: unknown } } | null)?.runs?.steps))
}

/** `owner/repo@ref` of each step that uses another repository's action. */
function findUses(steps: unknown): string[] {
  if (!Array.isArray(steps)) return []
  return steps.flatMap(({ uses }: { uses?: unknown }) => {
    const match = /^([\w.-]+\/[\w.-]+)(?:\/[^@]*)?@(.+)$/.exec(String(uses ?? ''))
    return match ? [`${match[1]}@${match[2]}`] : []
  })
}
