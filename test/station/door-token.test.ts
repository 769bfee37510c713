import { afterEach, expect, test } from 'vitest'
import { type IdentityToken, tokenNumber } from '../../src/cards/reader.ts'
import { ok } from '../../src/common/result.ts'
import type { CheckOutcome } from '../../src/station/outcome.ts'
import { DoorRig, trainee } from './door-rig.ts'

/*
 * Social security cards of generation 3 at the door: they show their holder's name to nobody without a PSAM, only an
 * identity token that the roster may know.
 */

const token: IdentityToken = {
  identificationCode: '990000D1560000050000000000000001',
  cardNumber: 'A00000001',
  validFrom: '2020-01-01',
  validTo: '2040-01-01',
}

let rig: DoorRig

function open(): DoorRig {
  rig = new DoorRig()
  rig.door.start()
  return rig
}

async function passWithToken(changes: Partial<IdentityToken> = {}): Promise<CheckOutcome | null> {
  rig.cards.push(
    ok({
      record: null,
      token: { ...token, ...changes },
      photo: { format: 'none', block: new Uint8Array(), image: null },
      simulated: false,
      reader: { profile: 'pcsc', port: 'pcsc:scripted', samId: null },
      skippedBytes: 0,
      ms: 1,
    }),
  )
  return rig.outcomes.take(5_000)
}

afterEach(() => rig.stop())

test('a token that the roster knows is its person, compared with the portrait that was kept', async () => {
  open().consent()
  rig.data.side.linkNumber(rig.person, tokenNumber(token))
  rig.data.side.put(rig.person, 'biometric', 'portrait/official', Uint8Array.of(1))
  const shown: (string | undefined)[] = []
  rig.door.subscribe(({ person }) => shown.push(person?.name))
  expect(await passWithToken()).toMatchObject({ verdict: 'verified', person: rig.person })
  expect(rig.last('attendance')).toMatchObject({ portrait: 'official', person: rig.person })
  expect(shown).toContain(`模${'*'.repeat(trainee.name.length - 1)}`)
})

test('a token that nobody linked is not on the roster, and nothing of it is recorded', async () => {
  open().consent()
  expect(await passWithToken()).toMatchObject({ verdict: 'refused', reason: 'not-on-roster', person: null })
  expect(JSON.stringify(rig.last('refusal'))).not.toMatch(/D156|A00000001/)
})

test('a token of a card that has run out lets its person in as doubtful', async () => {
  open().consent()
  rig.data.side.linkNumber(rig.person, tokenNumber(token))
  rig.data.side.put(rig.person, 'biometric', 'portrait/official', Uint8Array.of(1))
  expect(await passWithToken({ validTo: '2025-12-31' })).toMatchObject({
    verdict: 'doubtful',
    reason: 'card-expired',
  })
})
