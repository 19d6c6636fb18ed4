import { createHash } from 'node:crypto'
import { readFile, UserError } from '@modelyard/spec'

/** The default remote that `.dvc/config` names. Throws a `UserError` where there is none, or one that is no S3 bucket. */
export function dvcRemote(config: string): string {
  const sections = readConfig(config)
  const { remote } = sections.core ?? {}
  if (!remote)
    throw new UserError('The store is "dvc", but .dvc/config has no default remote: dvc remote default <name>.')
  const { url = '' } = sections[`remote "${remote}"`] ?? {}
  if (!/^s3:\/\/[^/]/.test(url)) {
    throw new UserError(
      `The store is "dvc", but DVC's remote ${remote} is ${JSON.stringify(url)}: only s3://bucket/prefix is read. Name a store of its own instead.`,
    )
  }
  return url.replace(/\/$/, '')
}

/** Where DVC keeps a file: at its MD5 in the default remote, by the layout of DVC 3. */
export async function dvcPointer(config: string, path: string): Promise<string> {
  const remote = dvcRemote(config)
  const hash = createHash('md5')
  for await (const piece of readFile(path)) hash.update(piece)
  const md5 = hash.digest('hex')
  return `${remote}/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`
}

/** Whether a path in a bucket is a file of DVC's own. */
export function isOfDvc(path: string): boolean {
  return /\/files\/md5\/[0-9a-f]{2}\/[0-9a-f]{30}$/.test(path)
}

/** DVC's configuration: `key = value` under `[core]` and `['remote "name"']`. */
function readConfig(text: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {}
  let section: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [, title] = /^\s*\[\s*'?(.*?)'?\s*\]\s*$/.exec(line) ?? []
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (title !== undefined) section = sections[title] = sections[title] ?? {}
    else if (key !== undefined) section[key] = value!
  }
  return sections
}
