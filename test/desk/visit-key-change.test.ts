import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { verifyVisitFile } from '../../src/inspect/verify-visit-file.ts'
import { parseVkey } from '../../src/ledger/note.ts'
import { rekey } from '../../src/ledger/rekey.ts'
import { Staff } from '../../src/station/staff.ts'
import { VisitRig } from './visit-rig.ts'

/* A station's key is changed while it stands still: whenever that is, the visit's file says which key signed what. */

let rig: VisitRig
beforeEach(() => {
  rig = new VisitRig(4)
})
afterEach(() => rig.end())

test('a visit’s file verifies whether the station’s key changed before, during or after the visit', async () => {
  const first = rig.data.key.vkey
  const seen = rig.data.ledger.checkpoint()
  changeKey()
  await rig.open({ seen })
  await rig.do('visit.headcount', { count: 4 })
  changeKey()
  await rig.do('visit.draw', { k: 2 })
  const closed = await rig.close()
  const left = fileOf(closed.visit)
  changeKey()
  await rig.do('visit.file', { visit: closed.visit })
  expect(fileOf(closed.visit).equals(left)).toBe(true)
  expect(rig.data.key.vkey).not.toBe(first)

  expect(verified(left)).toMatchObject({ ok: true, trust: 'self', since: { proved: true }, headcount: 4 })
  expect(verified(left, first)).toMatchObject({ ok: true, trust: 'key', problem: null })
  expect(rig.problem()).toBeNull()
})

test('and not under the key of a change that came after it, nor where a change is left out', async () => {
  await rig.open()
  changeKey()
  const { visit } = await rig.close()
  changeKey()
  const bytes = fileOf(visit)
  expect(verified(bytes, rig.data.key.vkey)).toMatchObject({ ok: false, problem: { code: 'wrong-key' } })
  const document = JSON.parse(bytes.toString('utf8'))
  document.events = document.events.filter((text: string) => !text.includes('"type":"station.rekeyed"'))
  const without = Buffer.from(`${JSON.stringify(document, null, 1)}\n`)
  expect(verified(without)).toMatchObject({ ok: false, problem: { code: 'wrong-key' } })
})

/** As `shidao key rotate` does it: the station is stopped before and starts again after. */
function changeKey(): void {
  const staff = new Staff(rig.data)
  const sign = (vkey: string) =>
    unwrap(staff.sign({ act: 'key.rotate', vkey, reason: 'planned' }, [rig.supervisor], 'supervisor'))
  rekey(rig.dir, rig.data.ledger, { reason: 'planned', sign })
  rig.powerCut()
}

function fileOf(visit: string): Buffer {
  return readFileSync(join(rig.dir, 'visits', `visit-${visit}.shidao-visit`))
}

function verified(bytes: Uint8Array, vkey?: string) {
  return unwrap(verifyVisitFile(bytes, vkey === undefined ? {} : { key: unwrap(parseVkey(vkey)) }))
}
