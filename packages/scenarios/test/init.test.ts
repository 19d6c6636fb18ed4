import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommandLine } from '@modelyard/cli'
import { at } from '@modelyard/github'
import { ROOT } from '@modelyard/tooling'
import { describe, expect, it } from 'vitest'
import { git, jobsOf, logOf, openPullRequest, openWorld, recordOf, type World, waitForRun } from '../src/index.ts'

const FIXTURES = join(ROOT, 'packages/scaffold/fixtures')

/** Runs the command in Ada's clone, as a pipe would. */
async function command({ clone }: World, ...args: string[]) {
  let [out, err] = ['', '']
  const code = await runCommandLine(args, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: {},
    cwd: () => clone,
  })
  return { code, out, err }
}

describe('what init writes into a repository', () => {
  it.each([
    ['a scikit-learn script', 'script', 'multiclass-classification'],
    ['a DVC pipeline', 'dvc', 'binary-classification'],
    ['a CML workflow', 'cml', 'regression'],
    ['a notebook', 'notebook', 'multiclass-classification'],
  ])('with %s takes it to its first version, without an edit', async (_, habit, task) => {
    const world = await openWorld()
    try {
      await cp(join(FIXTURES, habit), world.clone, { recursive: true })
      await world.push('Begin')
      expect(await command(world, 'init', '--yes')).toMatchObject({ code: 0, err: expect.stringContaining('Wrote') })

      const pull = await openPullRequest(world, 'modelyard')
      const run = await waitForRun(world, { workflow: 'pull-request.yml', sha: pull.head })
      expect(await jobsOf(world.ada, run), await logOf(world.ada, run, 'candidate models')).toMatchObject({
        'candidate models': 'success',
        report: 'success',
      })
      const gate = await recordOf(world.ada, run, 'gate', 'models')
      expect(gate?.predicate).toMatchObject({ verdict: 'pass', task, champion: null, source: { dirty: false } })
      expect(gate?.predicate.parity).not.toBeNull()

      const { data: merged } = await world.ada.github.octokit.rest.pulls.merge({
        ...at(world.ada.github),
        pull_number: pull.number,
      })
      const release = await waitForRun(world, { workflow: 'release.yml', sha: merged.sha })
      expect(release.conclusion, await logOf(world.ada, release, 'candidate models')).toBe('success')
      expect(await git(world.bare, 'tag', '--list')).toBe('models@v1.0.0')
      const training = await recordOf(world.ada, release, 'training', 'models')
      expect(training?.predicate.run.reused).toMatch(/\/actions\/runs\/\d+$/)
    } finally {
      await world.close()
    }
  })
})
