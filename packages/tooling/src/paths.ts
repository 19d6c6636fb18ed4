import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root on this machine. */
export const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

/** What set-up brings and builds; ignored by git, safe to delete. */
export const CACHE = join(ROOT, '.cache')

/** The folder that the actions' action.yml files point into. */
export const DIST = join(ROOT, 'actions', 'dist')

/** What the release tag holds for the jobs of users: the actions and nothing else. */
export const RELEASE_TREE = join(CACHE, 'release')

/** The actions that are programs: a folder and a stub of the bundle each. */
export const ACTIONS = [
  'plan',
  'validate-data',
  'train',
  'evaluate',
  'report',
  'register',
  'deploy',
  'rollback',
  'check-drift',
  'retrain',
  'fetch-model',
] as const

/** The actions that are chains of others. */
export const COMPOSITES = ['pipeline'] as const
