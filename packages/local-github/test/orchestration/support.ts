import sodium from 'libsodium-wrappers'
import type { Fixture } from '../fixture.ts'

/** What a story about workflows does and looks at, over and over. */
export function createStory({ octokit, owner, repo, github, git, write, push }: Fixture) {
  const at = { owner, repo }

  async function runsOf(name: string) {
    const { data } = await octokit.actions.listWorkflowRunsForRepo({ ...at, per_page: 100 })
    return data.workflow_runs.filter((run) => run.name === name)
  }

  async function jobsOf(run_id: number) {
    const { data } = await octokit.actions.listJobsForWorkflowRun({ ...at, run_id, per_page: 100 })
    return data.jobs.sort((a, b) => a.id - b.id)
  }

  return {
    at,
    runsOf,
    jobsOf,

    /** Pushes workflow files, `name` → text, to a new branch off `main`, or to `main` itself; answers with its head. */
    pushWorkflows: async (files: Record<string, string>, branch = 'main') => {
      await git('checkout', '-q', ...(branch === 'main' ? ['main'] : ['-B', branch, 'main']))
      for (const [name, text] of Object.entries(files)) await write(`.github/workflows/${name}`, text)
      return push('workflows', branch)
    },

    /** `name` → conclusion of each job of a workflow's only run, once nothing goes on any more. */
    outcomes: async (workflow: string) => {
      await github.idle()
      const [run] = await runsOf(workflow)
      const jobs = await jobsOf(run!.id)
      return { run: run!, jobs, conclusions: Object.fromEntries(jobs.map((job) => [job.name, job.conclusion])) }
    },

    logOf: async (job_id: number) =>
      String((await octokit.actions.downloadJobLogsForWorkflowRun({ ...at, job_id })).data),

    setSecret: async (secret_name: string, value: string, environment_name?: string) => {
      await sodium.ready
      const place = { ...at, secret_name }
      const { data: key } = environment_name
        ? await octokit.actions.getEnvironmentPublicKey({ ...at, environment_name })
        : await octokit.actions.getRepoPublicKey(at)
      const box = sodium.crypto_box_seal(value, sodium.from_base64(key.key, sodium.base64_variants.ORIGINAL))
      const sealed = {
        encrypted_value: sodium.to_base64(box, sodium.base64_variants.ORIGINAL),
        key_id: key.key_id,
      }
      if (environment_name)
        await octokit.actions.createOrUpdateEnvironmentSecret({ ...place, environment_name, ...sealed })
      else await octokit.actions.createOrUpdateRepoSecret({ ...place, ...sealed })
    },
  }
}
