import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { FOLDER } from './paths.ts'
import type { World } from './world.ts'

/** How a scene speaks: what happens, and what is found to be true of git and the API. */
export interface Tell {
  say(message: string): void
  /** Checks a claim by looking; the sentence is told only if it holds, and the demo ends where it does not. */
  claim(sentence: string, look: () => Promise<unknown>): Promise<void>
}

interface Entry {
  scene: number
  title: string
  at: string
  seconds: number
  said: string[]
  claims: string[]
}

/** Tells the story on the terminal, and keeps it as a timeline. */
export class Narrator {
  private readonly timeline: Entry[] = []
  private readonly started = performance.now()
  private readonly terminal = process.stdout.isTTY
  private now = ''
  private ticker: NodeJS.Timeout | undefined

  async scene(number: number, title: string, play: (tell: Tell) => Promise<void>): Promise<void> {
    const began = performance.now()
    const entry: Entry = { scene: number, title, at: new Date().toISOString(), seconds: 0, said: [], claims: [] }
    this.timeline.push(entry)
    this.print(`\n${this.style('bold', `${number}. ${title}`)}`)
    await play({
      say: (message) => {
        entry.said.push(message)
        this.print(`   ${message}`)
      },
      claim: async (sentence, look) => {
        try {
          await look()
        } catch (cause) {
          throw new Error(`This was to be true and is not: ${sentence}`, { cause })
        }
        entry.claims.push(sentence)
        this.print(`   ${this.style('green', '✓')} ${sentence}`)
      },
    })
    entry.seconds = Math.round((performance.now() - began) / 100) / 10
    this.progress('')
  }

  /** What is going on at this moment, in one line that the next one replaces. */
  progress(message: string): void {
    this.now = message
    if (!this.terminal) return
    this.ticker ??= setInterval(() => this.draw(), 200).unref()
    this.draw()
  }

  async end(world: World): Promise<void> {
    const seconds = (performance.now() - this.started) / 1000
    const claims = this.timeline.reduce((sum, entry) => sum + entry.claims.length, 0)
    await mkdir(FOLDER, { recursive: true })
    await writeFile(join(FOLDER, 'timeline.json'), `${JSON.stringify(this.timeline, null, 2)}\n`)
    this.print(`\n${this.style('bold', 'The story in short')}`)
    for (const { scene, title, seconds: took } of this.timeline)
      this.print(`   ${scene}. ${title.padEnd(72)} ${took.toFixed(1).padStart(6)} s`)
    this.print(`\n   ${claims} claims were checked against git and the API, and hold. ${seconds.toFixed(0)} s.`)
    this.print(`\n${this.style('bold', 'Where to look')}`)
    for (const line of world.whereToLook()) this.print(`   ${line}`)
  }

  stop(error: unknown): void {
    this.progress('')
    const told: string[] = []
    for (let each = error; each instanceof Error; each = each.cause) told.push(each.message)
    this.print(`\n${this.style('red', 'The demo stops here.')} ${told.join('\n  because ')}`)
    if (process.env.DEBUG && error instanceof Error) this.print(String(error.stack))
  }

  private draw(): void {
    const seconds = ((performance.now() - this.started) / 1000).toFixed(0)
    process.stdout.write(`\r\x1b[K${this.now === '' ? '' : `   ${this.style('dim', `${this.now} (${seconds} s)`)}`}`)
  }

  private print(line: string): void {
    if (this.terminal) process.stdout.write('\r\x1b[K')
    process.stdout.write(`${line}\n`)
  }

  private style(format: 'bold' | 'green' | 'red' | 'dim', text: string): string {
    return this.terminal ? styleText(format, text) : text
  }
}
