import { afterEach, expect, test } from 'vitest'
import type { Fault } from '../../src/common/fault.ts'
import { fingerprintOf } from '../../src/face/liveness/fingerprint.ts'
import { replayReading } from '../../src/face/liveness/replay.ts'
import type { FaceEvidence } from '../../src/ledger/event.ts'
import { LedgerFrames } from '../../src/station/ledger-frames.ts'
import { livenessGuard } from '../../src/station/liveness-guard.ts'
import { observation, room } from '../face/liveness/observations.ts'
import { OfficeRig } from './office-rig.ts'

/* What a station knows again of films that were shown to it, before and after a restart. */

const rig = new OfficeRig()
afterEach(() => rig.close())

const hash = (digit: string) => digit.repeat(64)

function seeing(look: string, prompt: string): FaceEvidence {
  return {
    ...{ engine: 'arcface', model: { name: 'made up', sha256: hash('a') }, accept: 0.5, reject: 0.3 },
    ...{ portrait: hash('b'), score: 0.6, frames: [{ sha256: hash(look), score: 0.6, issue: null }] },
    liveness: { verdict: 'unsure', score: 0.2, layers: [], prompts: [], frames: [hash(prompt)] },
  }
}

/** Frames of a film as it was encoded: other bytes, hardly another picture. */
function film(encoded: 'first' | 'anew') {
  return Array.from({ length: 5 }, (_, i) => {
    const thumbnail = room(i, 2 * i).map((level, cell) => level + (encoded === 'anew' ? (cell % 3) - 1 : 0))
    const sha256 = `${encoded === 'anew' ? 'f' : 'e'}${i}`.padEnd(64, '0')
    return observation({ at: 100 * i, sha256, thumbnail, fingerprint: fingerprintOf(thumbnail) })
  })
}

test('after a restart all bytes that the ledger names are known, and a film that was encoded anew is not', async () => {
  const [person = ''] = await rig.open()
  rig.sign(person, 'in', 0, 'verified', { face: seeing('1', '2') })
  const seat = { class: 'c', session: 'am', person, simulated: true }
  const refused = { ...seat, reason: 'face-mismatch', face: seeing('3', '4'), reader: null }
  rig.data.ledger.append({ type: 'refusal', data: refused })
  const answered = { ...seat, call: 1, result: 'seen' as const, face: seeing('5', '6'), act: null }
  rig.data.ledger.append({ type: 'check.answered', data: answered })

  const noFault = (fault: Fault) => {
    throw fault
  }
  const before = new LedgerFrames(rig.data.ledger, noFault)
  const guard = livenessGuard({ memory: before, camera: () => null, light: false })
  guard.remember(film('first'))
  const replayed = guard.judge(film('anew')).layers.find(({ layer }) => layer === 'replay')
  expect(replayed).toMatchObject({ verdict: 'attack', detail: { why: 'same-moment' } })

  await before.stop()
  const after = new LedgerFrames(rig.data.ledger, noFault)
  await after.finished
  for (const digit of '123456') expect(after.hasBytes(hash(digit)), digit).toBe(true)
  expect(after.hasBytes(hash('7'))).toBe(false)
  expect(replayReading(film('anew'), after)).toMatchObject({ verdict: 'bonaFide' })
})
