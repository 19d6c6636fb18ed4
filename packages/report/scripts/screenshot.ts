/**
 * A picture of a report about as GitHub shows it: `node scripts/screenshot.ts report.md report.png`.
 * Needs `chromium` on the PATH.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { marked } from 'marked'

const [from, to, height = '900'] = process.argv.slice(2)
if (!from || !to) throw new Error('Usage: node scripts/screenshot.ts <report.md> <picture.png> [height]')

const style = `
  body { font: 14px/1.5 -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; color: #1f2328; width: 780px; margin: 24px }
  h3 { font-size: 1.25em } a { color: #0969da; text-decoration: none } sub { font-size: 75%; color: #59636e }
  code, pre { font: 85% 'DejaVu Sans Mono', monospace; background: #eff1f3; border-radius: 6px }
  code { padding: .2em .4em } td code { white-space: nowrap } pre { padding: 16px } pre code { padding: 0; font-size: 100% }
  table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow: auto }
  th, td { padding: 6px 13px; border: 1px solid #d1d9e0 } tr:nth-child(2n) { background: #f6f8fa }
  blockquote { border-left: .25em solid #0969da; margin: 0 0 16px; padding: 0 1em } details { margin-bottom: 16px }`

const folder = mkdtempSync(join(tmpdir(), 'modelyard-screenshot-'))
try {
  const page = join(folder, 'report.html')
  const body = await marked(readFileSync(from, 'utf8'), { gfm: true })
  writeFileSync(page, `<!doctype html><meta charset="utf-8"><style>${style}</style>${body}`)
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--force-device-scale-factor=2']
  execFileSync(
    'chromium',
    [...options, `--window-size=830,${height}`, `--screenshot=${resolve(to)}`, `file://${page}`],
    {
      stdio: 'pipe',
    },
  )
} finally {
  rmSync(folder, { recursive: true })
}
