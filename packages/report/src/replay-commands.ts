import { artifactName, type Predicate, recordsFolder } from '@modelyard/spec'
import { quote } from './shell.ts'

/**
 * The commands that give a gate's verdict again in a clone of the repository: those that bring the source, what the run
 * published and the champion's model, and at last the replay. Without the id of a run the files are where they were made.
 */
export function replayCommands(gate: Predicate<'gate'>, { runId }: { runId?: string | undefined }): string[] {
  const { model, champion, run } = gate
  if (runId === undefined) return [`npx modelyard replay ${quote(`${recordsFolder(model)}/gate.json`)}`]
  const [judged, trained] = [artifactName(model, 'gate'), artifactName(model, 'training')]
  return [
    ...(run.commit === undefined ? [] : [`git fetch origin ${run.commit} && git checkout --detach FETCH_HEAD`]),
    `gh run download ${quote(runId)} -n ${quote(judged)} -n ${quote(trained)}`,
    ...(champion
      ? [`npx modelyard fetch --name ${quote(model)} --version ${quote(champion.version)} --path champion`]
      : []),
    `npx modelyard replay ${quote(`${judged}/gate.json`)}${champion ? ' --champion champion' : ''}`,
  ]
}
