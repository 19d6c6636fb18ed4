/** Fetches in a process of its own, so that it can be killed: `node fetch-process.ts <url> <root> <wanted>`. */
import { join } from 'node:path'
import { fetchFiles } from '../../src/index.ts'
import { networkOf } from './files.ts'

const [url, root, wanted] = process.argv.slice(2) as [string, string, string]
const connect = () => {
  throw new Error('GitHub is not asked')
}
await fetchFiles(JSON.parse(wanted), {
  ...{ root, folder: root, scratch: join(root, 'scratch'), env: {}, run: undefined, connect, tell: () => {} },
  cache: { folder: join(root, '../cache/sha256') },
  network: networkOf(url),
})
