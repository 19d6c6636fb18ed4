import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { resolve } from 'node:path'

const { env } = process
const input = (name) => (env[`INPUT_${name.toUpperCase()}`] ?? '').trim()
const repository = input('repository')
const folder = resolve(env.GITHUB_WORKSPACE, input('path'))
mkdirSync(folder, { recursive: true })

const basic = Buffer.from(`x-access-token:${input('token')}`).toString('base64')
console.log(`::add-mask::${basic}`)
const git = (...args) =>
  execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()

git('init', '-q', '-b', 'main')
git('remote', 'add', 'origin', `${env.GITHUB_SERVER_URL}/${repository}`)
const key = `http.${new URL(git('ls-remote', '--get-url', 'origin')).origin}/.extraheader`
git('config', '--local', key, `AUTHORIZATION: basic ${basic}`)
git('config', '--local', 'gc.auto', '0')
// What comes as a pack stays one: a job looks at it once, and need not compress it again.
git('config', '--local', 'fetch.unpackLimit', '1')

const { ref, sha } = target()
const depth = Number(input('fetch-depth'))
const tracking = ref.replace(/^refs\/heads\//, 'refs/remotes/origin/').replace(/^refs\/pull\//, 'refs/remotes/pull/')
const all = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*']
// With all branches and tags this one comes as well; git refuses to be told twice where it goes.
const one = depth === 0 && /^refs\/(?:heads|tags)\//.test(ref) ? sha : ref ? `+${sha || ref}:${tracking}` : sha
const specs = [...(one ? [one] : []), ...(depth === 0 ? all : [])]
const tags = input('fetch-tags') === 'true' || depth === 0 ? '--tags' : '--no-tags'
git('fetch', '-q', tags, ...(depth > 0 ? [`--depth=${depth}`] : []), 'origin', ...specs)
if (ref.startsWith('refs/heads/')) {
  // A fetch of all branches may have brought a newer one than the commit of this run.
  if (sha) git('update-ref', tracking, sha)
  git('checkout', '-q', '--force', '-B', ref.slice('refs/heads/'.length), tracking)
} else git('checkout', '-q', '--force', ref ? tracking : sha)
if (input('persist-credentials') !== 'true') git('config', '--local', '--unset-all', key)

const commit = git('rev-parse', 'HEAD')
console.log(`HEAD is now at ${git('log', '-1', '--format=%h %s')}`)
appendFileSync(env.GITHUB_OUTPUT, `ref=${ref}\ncommit=${commit}\n`)

/** The full ref, and the commit where it is known. */
function target() {
  const wanted = input('ref')
  if (!wanted && repository === env.GITHUB_REPOSITORY) return { ref: env.GITHUB_REF, sha: env.GITHUB_SHA }
  if (/^[0-9a-f]{40}$/.test(wanted)) return { ref: '', sha: wanted }
  if (wanted.startsWith('refs/')) return { ref: wanted, sha: '' }
  const remote = git('ls-remote', '--symref', 'origin')
    .split('\n')
    .map((line) => line.split('\t'))
  if (!wanted) return { ref: remote.find(([, name]) => name === 'HEAD')[0].replace(/^ref: /, ''), sha: '' }
  const names = [`refs/heads/${wanted}`, `refs/tags/${wanted}`]
  const found = names.find((name) => remote.some(([, other]) => other === name))
  if (found) return { ref: found, sha: '' }
  console.log(`::error::A branch or tag with the name '${wanted}' could not be found`)
  process.exit(1)
}
