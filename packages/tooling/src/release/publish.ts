import { run } from '../shell.ts'

/** Whether the registry has a package in this version. */
export async function isPublished(name: string, version: string): Promise<boolean> {
  try {
    return (await run('npm', ['view', `${name}@${version.slice(1)}`, 'version'])).includes(version.slice(1))
  } catch (error) {
    if (/\bE404\b/.test((error as Error).message)) return false
    throw error
  }
}

/** Publishes the package; with provenance where somebody can vouch for the job that made it: on github.com alone. */
export async function publish(folder: string, { provenance }: { provenance: boolean }): Promise<void> {
  await run('npm', ['publish', '--access', 'public', `--provenance=${provenance}`], { folder })
}
