import { sign } from 'node:crypto'
import { unwrap } from '../../src/common/result.ts'
import { commitDraw, revealDraw } from '../../src/inspect/draw.ts'
import { signedDraw } from '../../src/inspect/visit-acts.ts'
import { coveredVisit, coversOf } from '../../src/inspect/visit-covers.ts'
import { makeVisitFile } from '../../src/inspect/visit-file.ts'
import { actMessage } from '../../src/ledger/act-verification.ts'
import { toHex } from '../../src/ledger/bytes.ts'
import { rawEd25519 } from '../../src/ledger/ed25519.ts'
import type { SignedAct } from '../../src/ledger/event.ts'
import { inspectorId } from '../../src/ledger/inspector-id.ts'
import { forged, type VectorFile, valid } from './vector-file.ts'
import { ANNA, CLASS, MORNING, ORIGIN, seedKey, vectorLedger } from './vector-ledger.ts'

/** A visit's one file, and three that a station could have made: one edited afterwards, two recorded and signed as they are. */
export function visits(): VectorFile[] {
  const whole = visitFile()
  const edited = Buffer.from(whole).toString('utf8').replace('\\"count\\":2', '\\"count\\":1')
  return [
    valid('visit', 'visit.shidao-visit', whole),
    forged('visit', 'visit-headcount.shidao-visit', 'another headcount than was signed', edited),
    forged(
      'visit',
      'visit-order.shidao-visit',
      'the station called whom it liked, and signed it with the visit’s key',
      visitFile({ isOrderTurned: true }),
    ),
    forged(
      'visit',
      'visit-closing.shidao-visit',
      'the visit’s key closed the visit, not the inspector’s own',
      visitFile({ isClosedByVisitKey: true }),
    ),
  ]
}

const VISIT = 'e'.repeat(32)
const DRAW = 'd'.repeat(32)
const [inspector, visitKey] = [signerOf(10), signerOf(11)]

/** The inspector had seen the first seven events; both people are drawn, one is seen, two are counted. */
function visitFile(forge: { isOrderTurned?: boolean; isClosedByVisitKey?: boolean } = {}): Uint8Array {
  const ledger = vectorLedger()
  const { tree } = ledger
  const events = () => ledger.recorded.map(({ event }) => event)
  const of = { visit: VISIT, class: CLASS }
  const since = { size: 7, root: toHex(tree.root(7)), finding: 'consistent' as const }
  const own = { inspector: inspector.key, visitKey: visitKey.key }
  const opening = { ...of, ...own, standing: 'no-list' as const, list: null, since }
  const opened = { ...opening, act: inspector.sign('visit.open', opening) }
  ledger.append(250, { type: 'visit.opened', data: opened })

  const plan = { origin: ORIGIN, class: CLASS, draw: DRAW, seed: '5'.repeat(64), onSiteWeight: 1 }
  const committed = unwrap(commitDraw(events(), plan))
  ledger.append(251, { type: 'draw.committed', data: committed.data })
  const asked = { class: CLASS, k: 2, nonce: 'ab'.repeat(16), visit: VISIT, seen: committed.data.commitment }
  const revealed = revealDraw(events(), asked, committed.data, committed.plan)
  if (!revealed.ok) throw revealed.fault.fault
  const { order } = revealed.value.data
  const drawn = { ...revealed.value.data, order: forge.isOrderTurned ? order.toReversed() : order }
  const drawing = visitKey.sign('visit.draw', signedDraw(drawn))
  ledger.append(252, { type: 'visit.drawn', data: { ...drawn, act: drawing } })

  const counted = { ...of, count: 2 }
  const counting = visitKey.sign('visit.count', counted)
  ledger.append(253, { type: 'visit.headcount', data: { ...counted, act: counting } })
  const seen = {
    person: ANNA,
    result: 'seen',
    by: 'card',
    reason: null,
    photograph: null,
    note: null,
  } as const
  const checked = { ...of, ...seen }
  const checking = visitKey.sign('visit.check', checked)
  ledger.append(254, { type: 'visit.checked', data: { ...checked, act: checking } })

  const covers = coversOf(ledger.recorded.filter(({ event }) => coveredVisit(event) === VISIT))
  const institution = { signed: false as const, reason: 'refused' as const }
  const closing = { ...of, institution, note: null, covers }
  const act = (forge.isClosedByVisitKey ? visitKey : inspector).sign('visit.close', closing)
  ledger.append(255, { type: 'visit.closed', data: { ...closing, act } })
  const source = {
    size: ledger.size,
    events: (from?: number, to?: number) => ledger.events(from, to),
    inclusionProof: (index: number, size?: number) => ledger.inclusionProof(index, size),
    consistencyProof: (first: number, second?: number) => tree.consistencyProof(first, second),
    checkpoint: () => ledger.checkpoint(),
    checkpointAt: (size: number) => ledger.checkpoint(size),
  }
  return unwrap(makeVisitFile(source, VISIT))
}

function signerOf(seed: number) {
  const privateKey = seedKey(seed)
  const publicKey = toHex(rawEd25519(privateKey))
  const key = { actor: inspectorId(publicKey)!, publicKey }
  return {
    key,
    sign: (act: string, fields: object): SignedAct => {
      const statement = JSON.stringify({ act, ...fields, origin: ORIGIN, at: MORNING + 250 * 60_000 })
      const signature = toHex(sign(null, actMessage(statement), privateKey))
      return { statement, signatures: [{ actor: key.actor, signature }] }
    },
  }
}
