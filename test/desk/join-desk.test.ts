import { expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { provenOpening } from '../../src/desk/join-desk.ts'
import { proveEvents } from '../../src/ledger/prove-events.ts'
import { type StationStory, stationStory } from '../export/station-story.ts'
import { deskOf } from './export-rig.ts'

/** The file that a station gives to others, of its class's opening or of another event. */
function proofOf({ data }: StationStory, type = 'class.opened'): Uint8Array {
  const found = [...data.ledger.events()].find(({ event }) => event.type === type)
  return proveEvents(data.ledger, { kind: 'event', index: found?.index ?? 0 }).bytes
}

test('a class that another station opened is joined by its proof, with the same timetable', async () => {
  const [there, here] = [stationStory(), stationStory({ simulated: true })]
  const proof = Buffer.from(proofOf(there)).toString('base64')
  const work = {
    act: 'join.class',
    proof,
    vkey: there.data.key.vkey,
    pack: null,
    by: here.supervisor,
  } as const
  expect(await deskOf(here)(work)).toMatchObject({ ok: true, value: { class: 'c1' } })
  const [newest] = [...here.data.ledger.events(here.data.ledger.size - 1)]
  const opened = unwrap(provenOpening(proofOf(there), there.data.key.vkey))
  expect(newest?.event).toMatchObject({
    type: 'class.opened',
    data: {
      sessions: opened.sessions,
      joined: { origin: there.data.key.origin, index: opened.index, leaf: opened.leaf },
    },
  })
})

test('under another key, altered, or of something else than an opening, a file joins nothing', async () => {
  const [there, here] = [stationStory(), stationStory()]
  const proof = proofOf(there)
  const key = there.data.key.vkey
  const altered = Uint8Array.from(proof, (byte, place) => (place === proof.length - 40 ? byte ^ 1 : byte))
  const { size } = here.data.ledger
  for (const [file, vkey] of [
    [proof, here.data.key.vkey],
    [altered, key],
    [proofOf(there, 'roster.changed'), key],
    [Buffer.from('no proof'), key],
    [proof, 'no key'],
  ] as const) {
    const base64 = Buffer.from(file).toString('base64')
    const work = { act: 'join.class', proof: base64, vkey, pack: null, by: here.supervisor } as const
    expect(await deskOf(here)(work)).toMatchObject({ ok: false })
  }
  expect(here.data.ledger.size).toBe(size)
})
