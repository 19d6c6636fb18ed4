import { canonicalJson, type DatasetDigest, type FileDigest, sha256 } from '@modelyard/spec'

/** What decides which model a training makes. */
export interface TrainingInputs {
  command: string
  code: FileDigest[]
  data: DatasetDigest[]
}

/**
 * The identity of a training: SHA-256 over its command, code and data. Two trainings with one identity
 * are the same training, so that the model of the one may stand for the other's.
 */
export function trainingIdentity({ command, code, data }: TrainingInputs): string {
  const files = code.map(({ name, sha256 }) => ({ name, sha256 })).sort((a, b) => (a.name < b.name ? -1 : 1))
  const datasets = data.map(({ role, sha256 }) => ({ role, sha256 })).sort((a, b) => (a.role < b.role ? -1 : 1))
  return sha256(canonicalJson({ command, code: files, data: datasets }))
}
