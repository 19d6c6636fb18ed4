import chromium from '@sparticuz/chromium'
import { type Browser, chromium as driver } from 'playwright-core'

/** A headless Chromium: the one that MODELYARD_CHROMIUM names, else one that npm brought. */
export async function openBrowser(): Promise<Browser> {
  const named = process.env.MODELYARD_CHROMIUM
  const executablePath = named ?? (await chromium.executablePath())
  return driver.launch({ executablePath, args: named ? ['--no-sandbox'] : chromium.args })
}
