/**
 * Fetches the latest version in a process of its own, which is killed when so many of its requests were answered:
 * `node fetch-process.ts <api> <token> <repository> <model> <folder> <calls>`.
 */
import { connect } from '@modelyard/github'
import { fetchVersion } from '../../src/index.ts'

const [apiUrl, token, repository, model, folder, calls] = process.argv.slice(2) as [string, ...string[]]
let answered = 0
const github = connect({
  ...{ apiUrl, token: token!, repository: repository! },
  async fetch(input, init) {
    const response = await fetch(input, init)
    answered += 1
    if (answered === Number(calls)) process.kill(process.pid, 'SIGKILL')
    return response
  },
})
await fetchVersion(github, { model: model!, version: 'latest', folder: folder! })
