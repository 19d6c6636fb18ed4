import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const PACKAGE = '@octokit/openapi@23.0.2'

/** Path of GitHub's whole API description (13 MB), brought by npm: the package itself is 385 MB. */
export function downloadDescription(): string {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'))
  const name = execFileSync('npm', ['pack', PACKAGE, '--silent'], { cwd: folder, encoding: 'utf8' }).trim()
  execFileSync('tar', ['xzf', name, 'package/generated/api.github.com.json'], { cwd: folder })
  return join(folder, 'package/generated/api.github.com.json')
}
