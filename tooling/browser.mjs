// Where a Chromium or Chrome is on this machine: for the test that loads core in a browser.

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'chrome.exe', 'msedge.exe']
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** The path of a browser: CHROME_PATH, else the first found in PATH or in the usual places. @returns {string | undefined} */
export function findBrowser() {
  const { CHROME_PATH, PATH = '' } = process.env
  const onPath = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)))
  return [CHROME_PATH, ...onPath, ...places].find((file) => file && existsSync(file))
}
