/** A line of a tree object. */
export interface TreeLine {
  /** `100644`, `40000`, as git keeps it. */
  mode: string
  /** Its bytes, one for each character, as no encoding is sure. */
  name: string
  sha: string
}

export const FOLDER = '40000'
const SUBMODULE = '160000'

/** A name's bytes as `TreeLine` has them. */
export const toBytes = (name: string) => Buffer.from(name).toString('latin1')
export const toText = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')

/** What a line's id is the id of. */
export function typeOf({ mode }: Pick<TreeLine, 'mode'>): 'tree' | 'commit' | 'blob' {
  return mode === FOLDER ? 'tree' : mode === SUBMODULE ? 'commit' : 'blob'
}

/** Reads a tree object: each entry is its mode, a space, its name, a zero and the twenty bytes of its id. */
export function parseTreeObject(bytes: Buffer): TreeLine[] {
  const lines: TreeLine[] = []
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at)
    const end = bytes.indexOf(0, space)
    const [mode, name] = [bytes.toString('latin1', at, space), bytes.toString('latin1', space + 1, end)]
    lines.push({ mode, name, sha: bytes.toString('hex', end + 1, end + 21) })
    at = end + 21
  }
  return lines
}

/** The bytes of a tree object, in git's order: a folder comes where its name with a `/` behind it would. */
export function treeObject(lines: readonly TreeLine[]): Buffer {
  const key = ({ mode, name }: TreeLine) => (mode === FOLDER ? `${name}/` : name)
  const sorted = [...lines].sort((a, b) => (key(a) < key(b) ? -1 : 1))
  return Buffer.concat(
    sorted.flatMap(({ mode, name, sha }) => [Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(sha, 'hex')]),
  )
}
