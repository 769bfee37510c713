import { Fault } from '../common/fault.ts'
import { writeWholeFile } from '../export/write-file.ts'
import type { EventTime } from '../ledger/event.ts'
import { Ledger } from '../ledger/ledger.ts'
import { PROOF_EXTENSION } from '../ledger/proof.ts'
import type { ProofRequest } from '../ledger/proof-selection.ts'
import { proveEvent } from '../ledger/prove.ts'
import { proveEvents } from '../ledger/prove-events.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import { defaultDataFolder, EXIT, printAnswer, readOptions } from './command.ts'

/** `shidao log prove`: one event, one person's events, or one hour of one person, in a file for whoever asks. */
export function prove(words: readonly string[]): number {
  const { values } = readOptions(words, {
    event: { type: 'string' },
    person: { type: 'string' },
    hour: { type: 'string' },
    out: { type: 'string' },
    data: { type: 'string' },
    json: { type: 'boolean', default: false },
  })
  const { out } = values
  if (out === undefined) throw usageFault()
  const request = proofRequest(values)
  const ledger = openForProof(values.data ?? defaultDataFolder())
  try {
    const { bytes, shown, size } = makeProof(ledger, request, out)
    writeWholeFile(out, bytes)
    const index = request.kind === 'event' ? request.index : null
    const person = request.kind === 'event' ? null : request.person
    const answer = { kind: request.kind, index, person, shown, size, bytes: bytes.length, file: out }
    printAnswer(values.json, answer, [
      `${shown.length} of ${size} events are proved by ${out}, ${bytes.length} bytes`,
    ])
    return EXIT.yes
  } finally {
    ledger.close()
  }
}

/** The ledger of a folder, for reading; a station that is running goes on. */
export function openForProof(dir: string): Ledger {
  const { signer, keys } = loadStationKey(dir)
  return Ledger.open({ dir, signer, keys, now: noClock, readonly: true })
}

/** A name that ends in `.tlog-proof` asks for the format of that name, which holds one event and no key. */
function makeProof(ledger: Ledger, request: ProofRequest, out: string) {
  if (request.kind === 'event' && request.index >= ledger.size) {
    throw new Fault('LEDGER_RANGE', `${request.index} is not within 0 and ${ledger.size - 1}`)
  }
  if (!out.endsWith(PROOF_EXTENSION)) return proveEvents(ledger, request)
  if (request.kind !== 'event')
    throw new Fault('USAGE_LOG', `a ${PROOF_EXTENSION} holds one event: use --event`)
  return { bytes: Buffer.from(proveEvent(ledger, request.index)), shown: [request.index], size: ledger.size }
}

function proofRequest(values: {
  readonly event?: string | undefined
  readonly person?: string | undefined
  readonly hour?: string | undefined
}): ProofRequest {
  const { event, person, hour } = values
  if (event !== undefined) {
    if (person !== undefined || hour !== undefined || !/^(0|[1-9][0-9]{0,14})$/.test(event))
      throw usageFault()
    return { kind: 'event', index: Number(event) }
  }
  if (person === undefined || !/^[0-9a-f]{32}$/.test(person)) throw usageFault()
  if (hour === undefined) return { kind: 'person', person }
  const from = /T.*(Z|[+-][0-9]{2}:[0-9]{2})$/.test(hour) ? Date.parse(hour) : Number.NaN
  if (Number.isNaN(from)) throw usageFault()
  return { kind: 'hour', person, from }
}

function usageFault(): Fault {
  return new Fault(
    'USAGE_LOG',
    'log prove takes --event N, or --person ID (32 hex) with or without --hour 2026-03-02T09:00+08:00, and --out FILE',
  )
}

function noClock(): EventTime {
  throw new Fault('LEDGER_READ_ONLY', 'a ledger that is open for reading takes no time')
}
