import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Photographs the report on a page of the local GitHub, as the demo leaves them, in light and in dark:
 * `node packages/demo/src/picture.ts .demo/pages/pull-2.html docs/images/report` writes `report-light.png` and
 * `report-dark.png`. It needs a Chromium, `chromium` or what MODELYARD_CHROMIUM names, and the fonts Noto Sans and Noto
 * Color Emoji, so that the picture is the same everywhere; on Debian the packages `chromium`, `fonts-noto-core` and
 * `fonts-noto-color-emoji`.
 */
const [page, target, height = '590'] = process.argv.slice(2)
if (page === undefined || target === undefined) {
  console.error(
    'Name the page and where the pictures go: node packages/demo/src/picture.ts page.html docs/images/report',
  )
  process.exit(2)
}

/** Width of the page, so that the comment is as wide as on github.com in a large window. */
const WIDTH = 926
/** Chromium's own numbers for what a page is told that its reader prefers. */
const SCHEMES = { dark: 0, light: 1 }

const folder = await mkdtemp(join(tmpdir(), 'modelyard-picture-'))
try {
  const file = join(folder, 'report.html')
  await writeFile(file, alone(await readFile(page, 'utf8')))
  for (const [scheme, number] of Object.entries(SCHEMES)) photograph(file, `${target}-${scheme}.png`, number)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** The page with its style, and of its content the comment that holds a report and nothing else. */
function alone(html: string): string {
  const head = html.slice(0, html.indexOf('<body>'))
  const boxes = html.split(/(?=<section class="box">)/).slice(1)
  const report = boxes.findLast((box) => box.includes('<h3'))?.split('</section>')[0]
  if (report === undefined) throw new Error(`There is no report on the page ${page}.`)
  return `${head}<body><main style="margin: 0 auto">${report}</section></main></body></html>`
}

function photograph(file: string, picture: string, scheme: number): void {
  const { status, error, stderr } = spawnSync(
    process.env.MODELYARD_CHROMIUM ?? 'chromium',
    [
      ...['--headless', '--disable-gpu', '--disable-lcd-text', '--hide-scrollbars', '--force-device-scale-factor=1.4'],
      // Chromium's sandbox refuses to run as root, as it does in containers; the page is our own and holds no script.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      `--blink-settings=preferredColorScheme=${scheme}`,
      `--window-size=${WIDTH},${height}`,
      `--screenshot=${picture}`,
      file,
    ],
    { encoding: 'utf8' },
  )
  if (error) throw new Error(`Chromium could not be started: ${error.message}. Name it in MODELYARD_CHROMIUM.`)
  if (status !== 0) throw new Error(`Chromium made no picture: ${stderr}`)
}
