/*
 * Every way to tamper with a ledger file that the tests know, and untouched ledgers, many times over.
 *
 *   npx node test/campaigns/ledger-tampering.ts --count 4000 --untouched 1000 --seed 1
 *
 * Prints one JSON line. Exit 1 if anything was missed, got the wrong name or place, threw, or was a false alarm.
 */

import { rmSync } from 'node:fs'
import { verifyLog } from '../../src/ledger/verify.ts'
import { tamperClassesBeside } from '../ledger/tamper-beside.ts'
import { tamperClasses as inTheTree } from '../ledger/tamper-classes.ts'
import { originalLedger, tamperWithCopy } from '../ledger/tampering.ts'
import { campaignCounts } from './campaign-counts.ts'

const { count, untouched, seed } = campaignCounts({ count: 400, untouched: 100, seed: 1 })

let state = (seed % 2_147_483_646) + 1
/** A small generator that gives the same numbers for the same seed everywhere (Lehmer, 48271 mod 2^31 − 1). */
function random(bound: number): number {
  state = (state * 48_271) % 2_147_483_647
  return state % bound
}

const tamperClasses = [...inTheTree, ...tamperClassesBeside]
const tally = { classes: tamperClasses.length, tampered: 0, missed: 0, misnamed: 0, misplaced: 0, thrown: 0 }
const alarms = { untouched: 0, falseAlarms: 0 }
const wrong: string[] = []
const started = performance.now()

while (tally.tampered < count) {
  const original = originalLedger(24 + random(60))
  for (const tampering of tamperClasses) {
    if (tally.tampered >= count) break
    tally.tampered++
    const { dir, expected } = tamperWithCopy(original, tampering, random)
    try {
      const { problem } = verifyLog(dir, expected.options)
      const place = problem?.index ?? null
      const placed = expected.atMost ? place !== null && place <= expected.index! : place === expected.index
      if (problem === null) note('missed', tampering[0])
      else if (problem.code !== expected.code) note('misnamed', `${tampering[0]}: ${problem.code}`)
      else if (!placed) note('misplaced', `${tampering[0]}: ${place}, not ${expected.index}`)
    } catch (thrown) {
      note('thrown', `${tampering[0]}: ${thrown}`)
    }
    rmSync(dir, { recursive: true })
  }
  original.remove()
}

while (alarms.untouched < untouched) {
  const original = originalLedger(5 + random(80))
  alarms.untouched++
  const { ok, trust } = verifyLog(original.dir, {
    key: original.key.vkey,
    witness: original.witness.vkey,
    checkpoints: [original.head],
  })
  if (!ok || (trust !== 'witness' && original.size > 8)) alarms.falseAlarms++
  original.remove()
}

function note(kind: 'missed' | 'misnamed' | 'misplaced' | 'thrown', what: string): void {
  tally[kind]++
  if (wrong.length < 20) wrong.push(what)
}

const seconds = Math.round((performance.now() - started) / 1000)
process.stdout.write(`${JSON.stringify({ seed, ...tally, ...alarms, seconds, wrong })}\n`)
process.exitCode =
  tally.missed + tally.misnamed + tally.misplaced + tally.thrown + alarms.falseAlarms === 0 ? 0 : 1
