import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { at } from '@modelyard/github'
import { writeExports } from '../exports.ts'
import { git, same } from '../look.ts'
import type { World } from '../world.ts'
import type { Scene } from './scene.ts'

const TEMPLATES = ['pull-request.yml', 'release.yml', 'promote.yml', 'rollback.yml', 'drift.yml']

/** The airline's repository: its exports, the workflows of the toolkit, and no model yet. */
export const createRepository: Scene = {
  title: 'acme/flight-delay is created on the local GitHub and pushed with git',
  async play(world, { say, claim }) {
    const { clone, bare, ada, release } = world
    await mkdir(dirname(clone), { recursive: true })
    await git(dirname(clone), 'clone', '--quiet', world.cloneUrl, clone)
    await git(clone, 'config', 'user.name', 'Ada')
    await git(clone, 'config', 'user.email', 'ada@acme.example')
    await git(clone, 'switch', '--quiet', '--create', 'main')
    world.progress('splitting the flights of 2001 by month')
    await writeExports(join(clone, 'data', 'exports'), ['2001-01', '2001-02', '2001-03'])
    await mkdir(join(clone, '.github', 'workflows'), { recursive: true })
    for (const name of TEMPLATES) await writeFile(join(clone, '.github', 'workflows', name), release.templates[name]!)
    await writeFile(join(clone, 'README.md'), '# Flight delay\n\nWill this flight arrive more than 15 minutes late?\n')
    await git(clone, 'add', '--all')
    await git(clone, 'commit', '--quiet', '--message', 'Add the exports of January to March and the workflows')
    await git(clone, 'push', '--quiet', '--set-upstream', 'origin', 'main')
    say(
      `It holds the exports of January to March 2001, and five workflows as the toolkit's release ${release.version} ships them.`,
    )
    await protectProduction(world)
    say('The environment production asks Rita before anything goes there.')

    await claim(
      `every action of ours is pinned to ${release.actions.slice(0, 7)}, which is what ${release.version} releases`,
      async () => {
        const toolkit = join(dirname(dirname(bare)), 'modelyard', 'modelyard.git')
        same(await git(toolkit, 'rev-parse', `${release.version}^{commit}`), release.commit)
        same(await git(toolkit, 'rev-parse', `${release.commit}^1`), release.actions)
        const uses = await git(clone, 'grep', '-hoE', 'modelyard/modelyard/actions/[a-z-]+@[^ ]+', '--', '.github')
        same(new Set(uses.split('\n').map((used) => used.split('@')[1])), new Set([release.actions]))
      },
    )
    await claim('main on the local GitHub is what Ada pushed', async () => {
      same(await git(bare, 'rev-parse', 'refs/heads/main'), await git(clone, 'rev-parse', 'HEAD'))
    })
    await claim('production is protected by a required reviewer', async () => {
      const { data } = await ada.github.octokit.rest.repos.getEnvironment({
        ...at(ada.github),
        environment_name: 'production',
      })
      same(
        data.protection_rules?.map(({ type }) => type),
        ['required_reviewers'],
      )
    })
  },
}

async function protectProduction({ ada, rita }: World): Promise<void> {
  const { data: reviewer } = await ada.github.octokit.rest.users.getByUsername({ username: rita.login })
  await ada.github.octokit.rest.repos.createOrUpdateEnvironment({
    ...at(ada.github),
    environment_name: 'production',
    reviewers: [{ type: 'User', id: reviewer.id }],
  })
}
