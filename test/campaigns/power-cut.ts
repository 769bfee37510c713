import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asFault } from '../../src/common/fault.ts'
import { pseudoRandom } from '../../src/common/pseudo-random.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { SideRecords } from '../../src/ledger/side-records.ts'
import { loadStationKey } from '../../src/ledger/station-key.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { campaignCounts } from './campaign-counts.ts'
import { readDisk, SURVIVALS, writeFolder } from './power-cut-disk.ts'

/*
 * Cuts the power of a writing station at random steps, rebuilds what the disk may hold, opens it and looks for every
 * record that was acknowledged. Only what a program gives to the operating system is simulated: a drive that says
 * "synced" and isn't would lose records here as anywhere.
 *
 *   node test/campaigns/power-cut.ts [--cuts N] [--seed N] [--mode full|normal]
 */

export interface CutReport {
  readonly seed: number
  readonly cuts: number
  /** Folders that were rebuilt and opened: four for each cut. */
  readonly folders: number
  /** Records acknowledged before the cuts, over all folders. */
  readonly acknowledged: number
  readonly lost: number
  /** Folders in which a record was missing. */
  readonly losing: number
  /** Folders whose ledger or records didn't open, or didn't verify, with the code. */
  readonly unopened: readonly string[]
}

/** Why the harness can't run here, or null. */
export function powerCutAbsent(): string | null {
  if (process.platform !== 'linux') return 'the shim is for Linux'
  return spawnSync('gcc', ['--version']).status === 0 ? null : 'there is no gcc'
}

export function cutPower(cuts: number, seed: number, mode: 'full' | 'normal'): CutReport {
  // The steps are what counts, not the disk below: memory keeps the cuts quick and the real disk quiet.
  const place = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'shidao-cut-'))
  try {
    const shim = compileShim(place)
    const random = pseudoRandom(seed)
    const { steps } = readDisk(writeUntil(0, place, shim, mode).list)
    const total = { folders: 0, acknowledged: 0, lost: 0, losing: 0 }
    const unopened: string[] = []
    for (let cut = 0; cut < cuts; cut++) {
      const { list, acknowledged } = writeUntil(1 + Math.floor(random() * steps), place, shim, mode)
      const disk = readDisk(list)
      for (const survival of SURVIVALS) {
        const dir = join(place, 'after')
        writeFolder(dir, disk, survival, random)
        const found = lookFor(acknowledged, dir)
        total.folders++
        total.acknowledged += acknowledged.length
        total.lost += found.lost
        if (found.lost > 0) total.losing++
        if (found.code !== null)
          unopened.push(`cut ${cut} after ${disk.steps} steps, ${survival}: ${found.code}`)
      }
    }
    return { seed, cuts, ...total, unopened }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}

function compileShim(place: string): string {
  const library = join(place, 'shim.so')
  const source = new URL('./power-cut-shim.c', import.meta.url).pathname
  const compiled = spawnSync('gcc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', library, source, '-ldl'], {
    encoding: 'utf8',
  })
  if (compiled.status !== 0) throw new Error(compiled.stderr)
  return library
}

/** Lets the station write until step `at`, or to its end for 0. */
function writeUntil(at: number, place: string, shim: string, mode: string) {
  const [dir, list, acknowledged] = ['data', 'list', 'acknowledged'].map((name) => join(place, name)) as [
    string,
    string,
    string,
  ]
  for (const path of [dir, list, acknowledged]) rmSync(path, { recursive: true, force: true })
  mkdirSync(dir, { mode: 0o700 })
  const writer = new URL('./power-cut-writer.ts', import.meta.url).pathname
  const { status, signal, stderr } = spawnSync(process.execPath, [writer, dir, acknowledged, mode], {
    encoding: 'utf8',
    env: { ...process.env, LD_PRELOAD: shim, CUT_FOLDER: `${dir}/`, CUT_LOG: list, CUT_AT: String(at) },
  })
  if (at === 0 ? status !== 0 : signal !== 'SIGKILL') throw new Error(`the writer ended by itself: ${stderr}`)
  const lines = existsSync(acknowledged) ? readFileSync(acknowledged, 'utf8').trim().split('\n') : []
  return { list: readFileSync(list), acknowledged: lines.filter((line) => line !== '') }
}

/** How many of the acknowledged records a folder has lost, and the code with which something didn't open. */
function lookFor(acknowledged: readonly string[], dir: string): { lost: number; code: string | null } {
  if (!existsSync(join(dir, 'station.key'))) return { lost: acknowledged.length, code: null }
  try {
    const key = loadStationKey(dir)
    const now = () => ({ wall: 1, boot: 'after', boottime: 1, trust: 'simulated' as const })
    const ledger = Ledger.open({ dir, signer: key.signer, now })
    const side = SideRecords.open(dir, key)
    const leaves = new Map<string, string>()
    for (const { index, leaf } of ledger.events())
      leaves.set(String(index), Buffer.from(leaf).toString('hex'))
    const isThere = (line: string) => {
      const [kind, name = '', leaf] = line.split(' ')
      if (kind === 'event') return leaves.get(name) === leaf
      if (kind === 'record') return Buffer.from(side.get(name, 'identity', 'card') ?? '').includes(name)
      return kind === 'key'
    }
    const lost = acknowledged.filter((line) => !isThere(line)).length
    const { size } = ledger
    side.close()
    ledger.close()
    const { problem } = verifyLog(dir)
    return { lost, code: size === 0 || problem === null ? null : `${problem.code} ${problem.detail}` }
  } catch (thrown) {
    const { code, message } = asFault(thrown)
    return { lost: 0, code: `${code} ${message}` }
  }
}

if (import.meta.filename === process.argv[1]) {
  const { cuts, seed, mode } = campaignCounts({ cuts: 100, seed: 20_261_122 }, { mode: ['full', 'normal'] })
  const report = cutPower(cuts, seed, mode === 'normal' ? 'normal' : 'full')
  console.log(JSON.stringify(report, null, 2))
  const isRight = mode === 'normal' ? report.lost > 0 : report.lost === 0 && report.unopened.length === 0
  process.exitCode = isRight ? 0 : 1
}
