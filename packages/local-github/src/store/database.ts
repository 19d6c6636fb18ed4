import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Rows as JSON in one SQLite file: the server's memory beside git, there again after a restart. */
export interface Database {
  /** In the order of their ids. */
  read: (kind: string) => object[]
  write: (kind: string, row: { readonly id: number }) => void
  remove: (kind: string, id: number) => void
  highestId: () => number
  close: () => void
}

/** Another server has the same root open. */
export class InUse extends Error {}

/** @throws InUse where another process has the file open */
export function openDatabase(file: string): Database {
  const database = open(file)
  const all = database.prepare('SELECT json FROM row WHERE kind = ? ORDER BY id')
  const put = database.prepare('INSERT OR REPLACE INTO row VALUES (?, ?, ?)')
  const drop = database.prepare('DELETE FROM row WHERE kind = ? AND id = ?')
  const highest = database.prepare('SELECT max(id) AS id FROM row')
  return {
    read: (kind) => all.all(kind).map(({ json }) => JSON.parse(String(json)) as object),
    write: (kind, row) => void put.run(kind, row.id, JSON.stringify(row)),
    remove: (kind, id) => void drop.run(kind, id),
    highestId: () => Number(highest.get()?.id ?? 0),
    close: () => database.close(),
  }
}

function open(file: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    // Tokens and secrets are in it; SQLite gives the files beside it the same mode.
    chmodSync(file, 0o600)
    // One process writes, and what a power cut takes from a GitHub on a laptop can be made again.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE')
    database.exec(
      'CREATE TABLE IF NOT EXISTS row (kind TEXT, id INTEGER, json TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID',
    )
    return database
  } catch (cause) {
    database?.close()
    const root = dirname(file)
    if ((cause as { errcode?: number }).errcode === SQLITE_BUSY)
      throw new InUse(`${root} is in use by another local GitHub: stop that one, or name another root.`, { cause })
    throw new Error(`${root} cannot be opened: ${(cause as Error).message}.`, { cause })
  }
}

const SQLITE_BUSY = 5
