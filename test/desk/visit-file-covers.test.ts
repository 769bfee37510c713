import { afterEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { verifyVisitFile } from '../../src/inspect/verify-visit-file.ts'
import { foldVisits } from '../../src/inspect/visit.ts'
import { makeVisitFile } from '../../src/inspect/visit-file.ts'
import { CLASS, PIN, VisitRig } from './visit-rig.ts'

let rig: VisitRig
afterEach(() => rig.end())

function problemOf(visit: string) {
  return unwrap(verifyVisitFile(unwrap(makeVisitFile(rig.data.ledger, visit)))).problem
}

test('the file of a visit holds its end against the records that the visit’s key signed', async () => {
  rig = new VisitRig(4)
  const { visit } = await rig.open()
  await rig.do('visit.headcount', { count: 3, pin: PIN })
  const closed = await rig.close()
  expect(problemOf(closed.visit)).toBeNull()

  // A station that signs the end of a second visit over the records of the first.
  const second = (await rig.open()).visit.visit
  await rig.do('visit.headcount', { count: 3 })
  const covers = foldVisits(rig.events()).get(visit.visit)!.closed!.covers!
  const institution = { signed: false as const, reason: 'refused' as const }
  const body = { visit: second, class: CLASS, institution, note: null, covers }
  const act = rig.signed(rig.inspector, 'visit.close', body)
  rig.data.ledger.append({ type: 'visit.closed', data: { ...body, act } })
  expect(problemOf(second)).toMatchObject({ code: 'act', detail: expect.stringMatching(/other records/) })
})
