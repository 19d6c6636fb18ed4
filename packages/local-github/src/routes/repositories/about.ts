import { git, resolve } from '../../git/git.ts'
import { type App, bodyOf, page, repoOf } from '../../http/app.ts'
import { unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { simpleUser } from '../../shapes/common.ts'

const MOST_TOPICS = 20
const TOPIC = /^[a-z0-9][a-z0-9-]{0,49}$/

/** A repository's topics and who contributed to it. */
export function addAboutRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/topics', (c) => c.json({ names: [...repoOf(hub, c, 'metadata', 'read').topics] }))

  app.put('/repos/:owner/:repo/topics', async (c) => {
    const repo = repoOf(hub, c, 'administration', 'maintain')
    const { names = [] } = await bodyOf<{ names: string[] }>(c)
    const topics = [...new Set(names.map((name) => name.toLowerCase()))]
    if (topics.length > MOST_TOPICS) throw unprocessable(`A repository cannot have more than ${MOST_TOPICS} topics.`)
    if (!topics.every((topic) => TOPIC.test(topic))) {
      throw unprocessable(
        'Topics must start with a lowercase letter or number, consist of 50 characters or less, and can include hyphens.',
      )
    }
    hub.store.repositories.update(repo, { topics, updatedAt: hub.clock.now() })
    return c.json({ names: topics })
  })

  app.get('/repos/:owner/:repo/contributors', async (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const head = await resolve(repo.gitDir, `refs/heads/${repo.defaultBranch}`)
    if (!head) return c.body(null, 204)
    const authors = (await git(repo.gitDir, ['log', '--format=%ae%x00%an', head])).split('\n')
    const counts = new Map<string, { login?: string; email: string; name: string; contributions: number }>()
    for (const author of authors) {
      const [email, name] = author.split('\0') as [string, string]
      const local = email.replace(/@users\.noreply\.github\.com$/, '').replace(/^\d+\+/, '')
      const login = hub.store.users.find((user) => user.login === local || user.login === name)?.login
      const known = counts.get(login ?? email) ?? { ...(login ? { login } : {}), email, name, contributions: 0 }
      counts.set(login ?? email, { ...known, contributions: known.contributions + 1 })
    }
    const rows = [...counts.values()]
      .filter(({ login }) => login !== undefined || ['1', 'true'].includes(c.req.query('anon') ?? ''))
      .sort((a, b) => b.contributions - a.contributions)
    return c.json(
      page(c, rows).map(({ login, email, name, contributions }) =>
        login ? { ...simpleUser(hub, login), contributions } : { type: 'Anonymous', email, name, contributions },
      ),
    )
  })
}
