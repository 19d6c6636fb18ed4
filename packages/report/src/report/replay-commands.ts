import { artifactName, type Predicate, recordsFolder } from '@modelyard/spec'
import { quote } from '../document/shell.ts'

/**
 * The commands that give a gate's verdict again in a clone of the repository: those that bring the source, what the run
 * published and the champion's model, and at last the replay. Without the id of a run the files are where they were made.
 */
export function replayCommands(gate: Predicate<'gate'>, { runId }: { runId?: string | undefined }): string[] {
  const { model, champion, run } = gate
  if (runId === undefined) return [`npx modelyard replay ${quote(recordOf(gate, runId))}`]
  const [judged, trained] = [artifactName(model, 'gate'), artifactName(model, 'training')]
  return [
    ...(run.commit === undefined ? [] : [`git fetch origin ${run.commit} && git checkout --detach FETCH_HEAD`]),
    `gh run download ${quote(runId)} -n ${quote(judged)} -n ${quote(trained)}`,
    ...(champion
      ? [`npx modelyard fetch --name ${quote(model)} --version ${quote(champion.version)} --path champion`]
      : []),
    `npx modelyard replay ${quote(recordOf(gate, runId))}${champion ? ' --champion champion' : ''}`,
  ]
}

/** The command that lists the rows that are newly wrong, from the files that the commands above bring. */
export function listChangedCommand(gate: Predicate<'gate'>, { runId }: { runId?: string | undefined }): string {
  const champion = runId === undefined ? '' : ' --champion champion'
  return `npx modelyard changed ${quote(recordOf(gate, runId))} --to wrong${champion}`
}

/** Where the gate record lies: among the run's downloads, or where it was made. */
function recordOf({ model }: Predicate<'gate'>, runId: string | undefined): string {
  return runId === undefined ? `${recordsFolder(model)}/gate.json` : `${artifactName(model, 'gate')}/gate.json`
}
