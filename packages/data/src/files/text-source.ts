export interface TextFile {
  name: string
  path: string
}

/** How text files are read as a relation of columns `c0`, `c1`, …. */
export interface TextSource {
  /** What the columns are called. */
  names: string[]
  /** Their types; undefined where it is text whose type is to be found out. */
  types: Array<string | undefined>
  from(path: string): string
  /** The lines at which rows begin, given in rising order; both from 1. */
  lines(path: string, rows: readonly number[]): Promise<number[]>
}
