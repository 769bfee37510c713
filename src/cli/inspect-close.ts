import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { signAsInspector } from '../inspect/inspector-key.ts'
import { drawOutcome, foldVisits } from '../inspect/visit.ts'
import type { EventData, SignedAct } from '../ledger/event.ts'
import type { StationData } from '../station/data-folder.ts'
import { Staff } from '../station/staff.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'
import {
  classOf,
  eventsOf,
  type InspectorAtHand,
  inspectorAtHand,
  visitAtHand,
  visitOptions,
  withStation,
} from './inspect-desk.ts'
import { secret } from './staff.ts'

type Closed = Omit<EventData['visit.closed'], 'act'>

/**
 * `inspect close`: the institution's person signs beside the inspector, or the record says that they refused or that
 * nobody was there. With `--out` the checkpoint of the end is written for the next visit's `--seen`.
 */
export async function close(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...visitOptions,
    by: { type: 'string' },
    refused: { type: 'boolean', default: false },
    'nobody-there': { type: 'boolean', default: false },
    note: { type: 'string' },
    out: { type: 'string' },
  })
  const classId = classOf(values)
  const institution = institutionOf(values)
  const inspector = await inspectorAtHand(values.key)
  const pin = institution.signed
    ? await secret('SHIDAO_BY_PIN', 'PIN of who signs for the institution: ')
    : ''
  return withStation(values.data, async (data) => {
    const { visit } = visitAtHand(eventsOf(data), classId, inspector)
    const body: Closed = { visit, class: classId, institution, note: values.note ?? null }
    const act = closingAct(data, body, inspector, pin)
    const { index } = data.ledger.append({ type: 'visit.closed', data: { ...body, act } })
    data.ledger.keepCheckpoint('export')
    const checkpoint = data.ledger.checkpoint()
    if (values.out !== undefined) writeWholeFile(values.out, Buffer.from(checkpoint))
    const outcome = drawOutcome(foldVisits(eventsOf(data)).get(visit)!)
    printAnswer(values.json, { ...body, event: index, outcome, checkpoint }, [
      `visit ${visit} is closed, event ${index}`,
      `drawn: ${outcome.seen.length} seen, ${outcome.notSeen.length} not seen, ${outcome.cannotVerify.length} not verified, ${outcome.left.length} not looked for`,
      institution.signed ? 'both signed' : `the institution didn’t sign: ${institution.reason}`,
    ])
    return EXIT.yes
  })
}

/** Both sign the very same text, the institution's person with the key that this station keeps for them. */
function closingAct(
  data: StationData,
  body: Closed,
  { key, pin }: InspectorAtHand,
  staffPin: string,
): SignedAct {
  const statement = { act: 'visit.close', ...body }
  if (!body.institution.signed) {
    const text = JSON.stringify({ ...statement, origin: data.key.origin, at: data.clock.now().wall })
    return unwrap(signAsInspector(text, key, pin))
  }
  const signer = { actor: body.institution.actor, pin: staffPin }
  const first = unwrap(new Staff(data).sign(statement, [signer]))
  return unwrap(signAsInspector(first.statement, key, pin, first.signatures))
}

function institutionOf(values: {
  readonly by?: string | undefined
  readonly refused: boolean
  readonly 'nobody-there': boolean
}): Closed['institution'] {
  const { by, refused } = values
  const chosen = [by !== undefined, refused, values['nobody-there']].filter(Boolean).length
  if (chosen !== 1)
    throw new Fault('USAGE_INSPECT', 'inspect close takes one of --by ACTOR, --refused, --nobody-there')
  if (by !== undefined) return { signed: true, actor: by }
  return { signed: false, reason: refused ? 'refused' : 'nobody-there' }
}
