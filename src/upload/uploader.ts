import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { verifyCosignature } from '../ledger/cosignature.ts'
import { keyFingerprint } from '../ledger/fingerprint.ts'
import { parseVkey } from '../ledger/note.ts'
import type { StationKey } from '../ledger/station-key.ts'
import { cosignedAnswer, type Elsewhere, enrolmentAnswer, readAnswer, readElsewhere } from './answers.ts'
import { backoff } from './backoff.ts'
import { hexOf, makeBatch, type Outbox, type OutgoingBatch, rootAt } from './batch.ts'
import { collectorUrl, exchange, type Question } from './connection.ts'
import { enrolmentNote } from './enrolment.ts'
import { UploadFault } from './upload-fault.ts'

export interface UploaderOptions {
  readonly ledger: Outbox
  readonly stationKey: StationKey
  /** Address of the collector; plain http only on this machine. */
  readonly url: string
  /** The collector's key, known from a person and not from the network: the only one whose receipts count. */
  readonly collectorVkey: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What people call this station, for the person who confirms it. Default: its origin. */
  readonly name?: string
  /** Most events in one request; a collector takes 2,000. */
  readonly maxBatch?: number
  /** PEM of the authority behind the collector's certificate, where it isn't one of the system's. */
  readonly ca?: string
  /** For one exchange, ms. */
  readonly timeoutMs?: number
  /** How often `start` looks for something to send, ms. */
  readonly everyMs?: number
  /** In [0, 1), for the backoff. */
  readonly random?: () => number
  readonly onState?: (state: UploadState) => void
  /** After each receipt was logged; its time may be far from the station's clock, which is for the station to judge. */
  readonly onReceipt?: (receipt: Receipt) => void
}

export interface UploadState {
  /** Records without a receipt. */
  readonly waiting: number
  /** Whether a collector answered the last time. */
  readonly online: boolean
  readonly lastFault: Fault | null
}

/** A verified cosignature over this ledger at `size`, logged as an event. */
export interface Receipt {
  readonly size: number
  /** Hex. */
  readonly root: string
  /** When the collector says it signed, ms since 1970. */
  readonly time: number
  /** Verifier key of the collector. */
  readonly witness: string
  /** The checkpoint with both signatures. */
  readonly note: string
}

export interface Enrolment {
  readonly state: 'pending' | 'confirmed'
  /** To be compared by people, see `keyFingerprint`. */
  readonly fingerprint: string
}

export interface Uploader {
  readonly state: UploadState
  /** Asks to be known; harmless to repeat, and the way to learn whether a person has confirmed. */
  enrol(): Promise<Result<Enrolment, UploadFault>>
  /** Sends all that has no receipt, in batches, and logs a receipt for each; null when nothing waits. Total. */
  sendOnce(): Promise<Result<Receipt | null, UploadFault>>
  /** Sends whenever something waits, with backoff after failures, until `stop`. */
  start(): void
  /** Resolves when nothing is under way any more, so that the ledger can be closed. */
  stop(): Promise<void>
}

/** How often a collector may send a station to another size before that counts as nonsense. */
const DETOURS = 3

/**
 * Carries a ledger to a collector. The ledger itself is the outbox: what waits is what the newest receipt doesn't
 * cover, so there is no queue that could be lost, and any round can be broken off anywhere and done again.
 * Throws `UPLOAD_URL`, `UPLOAD_INSECURE` or `UPLOAD_KEY` when the configuration can't be used.
 */
export function createUploader(options: UploaderOptions): Uploader {
  const {
    ledger,
    stationKey,
    collectorVkey,
    now,
    maxBatch = 500,
    everyMs = 5000,
    random = Math.random,
  } = options
  const endpoint = {
    url: collectorUrl(options.url),
    timeoutMs: options.timeoutMs ?? 30_000,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  }
  if (!parseVkey(collectorVkey).ok)
    throw new UploadFault('UPLOAD_KEY', 'the key of the collector is not a C2SP vkey')

  let stopped = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let started = false
  let failures = 0
  let online = false
  let lastFault: UploadFault | null = null
  let warning: UploadFault | null = null
  let underWay: Promise<Result<Receipt | null, UploadFault>> | null = null

  const ask = (question: Question) => exchange(endpoint, question, stopped.signal)

  async function enrol(): Promise<Result<Enrolment, UploadFault>> {
    const note = enrolmentNote(stationKey, options.name ?? stationKey.origin)
    const body = await promisify(gzip)(JSON.stringify({ note }))
    const answer = await ask({ method: 'POST', path: 'v1/stations', body })
    if (!answer.ok) return answer
    const read = readAnswer(answer.value, enrolmentAnswer, now())
    if (!read.ok) return read
    const fingerprint = keyFingerprint(stationKey.vkey)
    return read.value.origin === stationKey.origin && read.value.fingerprint === fingerprint
      ? ok({ state: read.value.state, fingerprint })
      : failed(new UploadFault('UPLOAD_ANSWER', 'the collector answered about another station'))
  }

  async function sendAll(): Promise<Result<Receipt | null, UploadFault>> {
    if (ledger.unsent === 0) return ok(null)
    const target = ledger.size
    const receipted = ledger.newestReceipt()?.size ?? 0
    let from = receipted
    let receipt: Receipt | null = null
    for (let detours = 0; receipt === null || from < target; ) {
      const batch = await makeBatch(ledger, stationKey, { from, to: Math.max(from, target), most: maxBatch })
      const answer = await ask({ method: 'POST', path: 'v1/batch', body: batch.body })
      if (!answer.ok) return answer
      const elsewhere = readElsewhere(answer.value)
      if (elsewhere !== null) {
        const alarm = compare(ledger, elsewhere)
        if (alarm !== null) return failed(alarm)
        if (++detours > DETOURS)
          return failed(new UploadFault('UPLOAD_ANSWER', 'the collector leads in circles'))
        if (elsewhere.size < receipted) warning = lost(elsewhere.size, receipted)
        from = elsewhere.size
        continue
      }
      const read = readAnswer(answer.value, cosignedAnswer, now())
      const verified = read.ok
        ? verifyReceipt(read.value.note, batch, stationKey.origin, collectorVkey)
        : read
      if (!verified.ok) return verified
      receipt = verified.value
      ledger.append({ type: 'receipt', data: { ...receipt } })
      options.onReceipt?.(receipt)
      from = batch.size
    }
    return ok(receipt)
  }

  async function round(): Promise<Result<Receipt | null, UploadFault>> {
    warning = null
    const result = await sendAll().catch((cause) =>
      failed(new UploadFault('UPLOAD_FAILED', 'the ledger could not be read or written', { cause })),
    )
    // Nothing to send says nothing about the line.
    if (!result.ok || result.value !== null) {
      online = result.ok || result.fault.answered
      lastFault = result.ok ? warning : result.fault
    }
    options.onState?.(stateNow())
    return result
  }

  function sendOnce(): Promise<Result<Receipt | null, UploadFault>> {
    underWay ??= round().finally(() => {
      underWay = null
    })
    return underWay
  }

  async function turn(): Promise<void> {
    const result = await sendOnce()
    // A station that changed its key is known, and its next key has to ask all the same.
    const code = result.ok ? null : result.fault.code
    if (code === 'UPLOAD_NOT_ENROLLED' || (code === 'UPLOAD_UNCONFIRMED' && stationKey.rotation !== null)) {
      const asked = await enrol()
      // Why it refuses this station says more than that it doesn't know it.
      if (!asked.ok) lastFault = asked.fault
      options.onState?.(stateNow())
    }
    failures = result.ok ? 0 : failures + 1
    const wait = result.ok ? everyMs : backoff(failures, result.fault.retryAfterMs, random())
    if (started) timer = setTimeout(() => void turn(), wait)
  }

  const stateNow = (): UploadState => ({ waiting: ledger.unsent, online, lastFault })

  return {
    get state() {
      return stateNow()
    },
    enrol,
    sendOnce,
    start: () => {
      if (started) return
      started = true
      void turn()
    },
    stop: async () => {
      started = false
      clearTimeout(timer)
      stopped.abort()
      await underWay
      stopped = new AbortController()
    },
  }
}

/** Null when the collector's tree is a beginning of ours; otherwise the alarm. Nothing is ever overwritten. */
function compare(ledger: Outbox, { size, root }: Elsewhere): UploadFault | null {
  if (size > ledger.size) {
    return new UploadFault(
      'UPLOAD_ROLLBACK',
      `the collector holds ${size} events, this ledger ${ledger.size}`,
    )
  }
  if (hexOf(rootAt(ledger, size)) !== root) {
    return new UploadFault('UPLOAD_FORK', `the collector holds another history of the first ${size} events`)
  }
  return null
}

/** A receipt counts if it is our own checkpoint, unchanged, with the pinned collector's cosignature behind it. */
function verifyReceipt(
  note: string,
  batch: OutgoingBatch,
  origin: string,
  witness: string,
): Result<Receipt, UploadFault> {
  const opened = note.startsWith(batch.checkpoint) ? verifyCosignature(note, witness) : null
  if (opened === null || !opened.ok || opened.value.checkpoint.origin !== origin) {
    return failed(
      new UploadFault('UPLOAD_COSIGNATURE', 'the receipt is not signed by the collector of this station'),
    )
  }
  return ok({ size: batch.size, root: hexOf(batch.root), time: opened.value.time * 1000, witness, note })
}

function lost(size: number, receipted: number): UploadFault {
  return new UploadFault(
    'UPLOAD_COLLECTOR_LOST',
    `the collector holds ${size} events but gave a receipt for ${receipted}: all is sent again`,
  )
}
