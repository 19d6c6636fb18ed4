import type { SelfHostedRunner } from '../store/entities.ts'

/** What a runner says of itself, in small letters; everything else was given by somebody. */
export const READ_ONLY_LABELS = ['self-hosted', 'linux', 'macos', 'windows', 'x64', 'x86', 'arm', 'arm64']

/** A runner that was announced and has never called. */
export function runnerShape(runner: SelfHostedRunner) {
  const { id, name, group } = runner
  const state = { os: 'unknown', status: 'offline', busy: false, ephemeral: true, version: null }
  return { id, runner_group_id: group, name, ...state, labels: labels(runner) }
}

export function labelsShape(runner: SelfHostedRunner) {
  return { total_count: runner.labels.length, labels: labels(runner) }
}

function labels({ id, labels }: SelfHostedRunner) {
  return labels.map((name, index) => ({
    id: id * 100 + index,
    name,
    type: READ_ONLY_LABELS.includes(name.toLowerCase()) ? 'read-only' : 'custom',
  }))
}
