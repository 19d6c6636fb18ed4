/** A GitHub in a process of its own: what it needs of memory is none of the client's. Says where it is, and waits. */
import { startLocalGitHub } from '@modelyard/local-github'

const [root] = process.argv.slice(2)
const github = await startLocalGitHub({ root: root! })
const { token } = await github.createUser('ada')
const { gitDir } = await github.createRepository('ada/models', { owner: 'ada' })
process.on('message', () => github.close().then(() => process.disconnect()))
process.send!({ apiUrl: github.apiUrl, token, repository: 'ada/models', gitDir })
