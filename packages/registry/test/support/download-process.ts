/** Downloads in a process of its own, so that it can be killed: `node download-process.ts <url> <bytes> <path> <sha256>`. */
import { download } from '../../src/bytes/download.ts'
import { sourceAt } from './file-server.ts'

const [url, bytes, path, sha256] = process.argv.slice(2)
await download([sourceAt(url!, Number(bytes))], path!, sha256!, { segmentSize: 1000, atOnce: 2 })
