import { randomBytes } from 'node:crypto'
import { Fault } from '../common/fault.ts'
import { type Result, unwrap } from '../common/result.ts'
import { seatsOf } from '../inspect/draw-plan.ts'
import { foldVisits, openVisit } from '../inspect/visit.ts'
import {
  admitInspector,
  knownList,
  type Refusal,
  sinceFault,
  sinceLastVisit,
  takeList,
} from '../inspect/visit-opening.ts'
import { parseVkey } from '../ledger/note.ts'
import { findCheckpointNotes } from '../ledger/seen-checkpoints.ts'
import type { StationData } from '../station/data-folder.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'
import {
  classOf,
  eventsOf,
  inspectorAtHand,
  readSmall,
  signed,
  visitOptions,
  withStation,
} from './inspect-desk.ts'

/**
 * `inspect open`: lets an inspector in, or refuses with a record of it. A ledger that isn't the one that they saw last
 * time is recorded with the opening, said with exit 1, and the visit is open all the same.
 */
export async function open(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    ...visitOptions,
    list: { type: 'string' },
    authority: { type: 'string' },
    seen: { type: 'string' },
  })
  const classId = classOf(values)
  const inspector = await inspectorAtHand(values.key)
  return withStation(values.data, async (data) => {
    if (seatsOf(eventsOf(data), classId) === null) {
      throw new Fault('ROSTER_CLASS_UNKNOWN', 'no such class in this ledger')
    }
    importList(data, values)
    const { actor, publicKey } = inspector.key
    const { wall } = data.clock.now()
    const known = knownList(eventsOf(data))
    const admitted = orRecord(data, admitInspector({ class: classId, publicKey, at: wall }, known))
    const running = openVisit(foldVisits(eventsOf(data)), classId)
    if (running !== null) {
      throw new Fault(
        'INSPECT_VISIT_OPEN',
        `visit ${running.visit} of this class is still open: go on with it or close it`,
      )
    }
    const since = values.seen === undefined ? null : lastVisit(data, values.seen)
    const visit = randomBytes(16).toString('hex')
    const body = { visit, class: classId, inspector: { actor, publicKey }, ...admitted, since }
    data.ledger.append({
      type: 'visit.opened',
      data: { ...body, act: signed(data, inspector, 'visit.open', body) },
    })
    printAnswer(values.json, { ...body, checkpoint: data.ledger.checkpoint() }, [
      `visit ${visit} of class ${classId}`,
      `inspector ${publicKey}: ${admitted.standing}`,
      since === null ? 'no earlier checkpoint was brought' : `since ${since.size} events: ${since.finding}`,
    ])
    const fault = sinceFault(since)
    if (fault !== null) process.stderr.write(`${fault.code} ${fault.message}\n`)
    return fault === null ? EXIT.yes : EXIT.no
  })
}

function importList(
  data: StationData,
  { list, authority }: { readonly list?: string | undefined; readonly authority?: string | undefined },
): void {
  if (list === undefined) return
  if (authority === undefined)
    throw new Fault('USAGE_INSPECT', '--list takes --authority VKEY, the key that signed it')
  const note = readSmall(list).toString('utf8')
  const taken = orRecord(data, takeList(note, unwrap(parseVkey(authority)), knownList(eventsOf(data))))
  if (taken !== null) data.ledger.append(taken)
}

/** The value; a refusal is recorded before it is thrown. */
function orRecord<T>(data: StationData, result: Result<T, Refusal>): T {
  if (result.ok) return result.value
  data.ledger.append(result.fault.record)
  throw result.fault.fault
}

function lastVisit(data: StationData, file: string) {
  const [note] = findCheckpointNotes(readSmall(file).toString('utf8'))
  if (note === undefined) throw new Fault('LEDGER_SEEN', `no checkpoint can be read in ${file}`)
  const { ledger } = data
  const key = unwrap(parseVkey(data.key.vkey))
  return unwrap(sinceLastVisit(note, { size: ledger.size, key, rootAt: (size) => ledger.rootAt(size) }))
}
