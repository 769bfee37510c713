import { Repeats } from '../cards/codec/scan-text.ts'
import type { CardReader, CardReading } from '../cards/reader.ts'
import { asFault, Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import type { LayerReading } from '../face/liveness/layer.ts'
import { Answers } from './answers.ts'
import { CameraWatch } from './camera/camera-watch.ts'
import { listCameras } from './camera/list-cameras.ts'
import { checkCard } from './check.ts'
import { type CheckContext, refusedBecause } from './check-context.ts'
import type { StationDesk } from './desk.ts'
import type { DeskWork } from './desk-work.ts'
import { Display } from './display.ts'
import { doorFacts } from './door-facts.ts'
import { DoorLoan } from './door-loan.ts'
import type { DoorParts } from './door-parts.ts'
import { DoorRecords } from './door-records.ts'
import { startingScreen, verdictScreen, WAITING, WATCHING, waitingScreen } from './door-screens.ts'
import { type Identified, identifyCard, identifyFace, type ToIdentify } from './identify.ts'
import { Mailbox } from './mailbox.ts'
import type { CheckOutcome } from './outcome.ts'
import { pause } from './pause.ts'
import type { Command, FrameFacts, Refused, Snapshot } from './protocol.ts'
import { isReaderLost } from './reader-supervisor.ts'
import { checkScan, KEYBOARD_SCANNER, type Scan, STAFF_DESK } from './scan-check.ts'
import { ScanInbox } from './scan-inbox.ts'
import { enrolmentCode } from './selection.ts'

/** How long one call to the reader waits for a card before the door looks at the clock again. */
const CARD_WAIT_MS = 2_000
const PRESENCE_PROBE_MS = 300
const ERROR_SHOWN_MS = 3_000
/** An inspector calls somebody to the reader or the camera: longer than a room's walk. */
const LOAN_MS = 30_000
/** The kiosk at the door: waits for a card, checks its holder, says so, asks to take the card, and begins again. */
export class Door implements StationDesk {
  readonly #parts: DoorParts
  readonly #display: Display
  readonly #records: DoorRecords
  readonly #camera: CameraWatch
  readonly #answers = new Answers()
  readonly #frames = new Mailbox<Uint8Array>()
  readonly #scans = new ScanInbox()
  readonly #typed = new Repeats()
  readonly #loan = new DoorLoan()
  readonly #stop = new AbortController()
  readonly #onOutcome: (outcome: CheckOutcome) => void
  readonly #onFault: (fault: Fault) => void
  /** Ends the check in progress when somebody cancels it. */
  #check: AbortController | null = null
  /** The reader waits for a card, or reads one. */
  #isReading = false
  /** A card lay there in the read that is going on, or in the last one. */
  #isFound = false
  #forcedDirection: 'in' | 'out' | null = null
  #running: Promise<void> = Promise.resolve()
  #office: Promise<unknown> = Promise.resolve()

  constructor(
    parts: DoorParts,
    watch: {
      readonly onOutcome?: (outcome: CheckOutcome) => void
      readonly onFault?: (fault: Fault) => void
    } = {},
  ) {
    this.#parts = parts
    this.#onOutcome = watch.onOutcome ?? (() => {})
    this.#onFault = watch.onFault ?? (() => {})
    parts.readers.onChange(() => this.#showReader())
    this.#records = new DoorRecords(parts, (fault) => this.#showFault(fault))
    this.#camera = new CameraWatch({
      history: parts.recorder.cameras,
      staff: parts.staff,
      listCameras: parts.listCameras ?? listCameras,
      simulated: parts.data.key.simulated,
      record: (input) => this.#records.camera(input),
    })
    this.#display = new Display(startingScreen(parts, this.#camera.view()))
  }

  start(): void {
    this.#running = this.#run()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    this.#scans.end()
    this.#loan.end()
    this.#check?.abort()
    await this.#running
    await this.#parts.readers.close()
  }

  snapshot(): Snapshot {
    return this.#display.snapshot
  }

  subscribe(listener: (snapshot: Snapshot) => void): () => void {
    return this.#display.subscribe(listener)
  }

  frame(jpeg: Uint8Array, facts?: FrameFacts): void {
    if (facts !== undefined) this.#camera.frame(facts, performance.now())
    this.#frames.put(jpeg)
  }

  async command(command: Command): Promise<Refused | null> {
    switch (command.type) {
      case 'hello':
      case 'camera': {
        const label = command.type === 'hello' ? command.camera : command.label
        const isNewest = await this.#camera.opened(label, command.stream ?? null)
        if (isNewest) this.#display.show(this.#camera.view())
        return null
      }
      case 'confirm-camera': {
        if (!WAITING.includes(this.#display.snapshot.screen)) break
        const confirmed = this.#camera.confirm(command.camera, { actor: command.actor, pin: command.pin })
        if (!confirmed.ok) return refusedBecause('confirm-camera', confirmed.fault.code)
        this.#display.show(this.#camera.view())
        return null
      }
      case 'direction':
        this.#forcedDirection = command.direction === 'auto' ? null : command.direction
        this.#display.show(doorFacts(this.#parts, this.#forcedDirection))
        return null
      case 'cancel':
        if (this.#loan.asked === null && !WATCHING.includes(this.#display.snapshot.screen)) break
        this.#loan.end()
        this.#check?.abort()
        return null
      case 'scan': {
        if (this.#typed.seen(command.text, performance.now())) return null
        const isTaken = this.scan({ text: command.text, reader: KEYBOARD_SCANNER, simulated: false })
        return isTaken ? null : refusedBecause('scan', 'STATION_NOT_NOW')
      }
      case 'office':
        // The channel asks `office` for it, because it has an answer.
        return refusedBecause('office', 'STATION_COMMAND')
    }
    return this.#answers.offer(command, this.#display.snapshot.screen)
  }

  /** The `camera` layer of liveness: the device, and the clock of the frames of the look that is going on. */
  cameraReading(): LayerReading {
    return this.#camera.reading()
  }

  /**
   * See `StationDesk`. Who came without a card is called to the camera at once, if the door is free: the entry alone
   * lets nobody in.
   */
  office(work: DeskWork): Promise<Result<unknown>> {
    const done = this.#office.then(() => this.#doOffice(work))
    // One after the other, and one that throws doesn't end the row.
    this.#office = done.catch(() => undefined)
    return done
  }

  /** See `IdentifyAtDoor`. */
  identify(asked: ToIdentify): Promise<Result<Identified>> {
    if (!this.#scans.isWaiting || !WAITING.includes(this.#display.snapshot.screen)) {
      return Promise.resolve(failed(new Fault('STATION_NOT_NOW', 'somebody is being checked')))
    }
    const answer = this.#loan.ask(asked, LOAN_MS)
    if (asked.by === 'face') this.#scans.interrupt()
    return answer
  }

  /** A code from a scanner. False while the door is busy with somebody: then it counts for nothing. */
  scan(scan: Scan): boolean {
    return this.#scans.offer(scan)
  }

  /** The counts, the session or the upload changed outside a check. */
  refresh(): void {
    this.#display.show(doorFacts(this.#parts, this.#forcedDirection))
  }

  /** See `DoorRecords.closeSessions`. */
  closeSessions(): void {
    this.#records.closeSessions()
  }

  async #doOffice(work: DeskWork): Promise<Result<unknown>> {
    const { office, recorder, classId } = this.#parts
    if (office === undefined) return failed(new Fault('STATION_NOT_NOW', 'this door does no office work'))
    recorder.noteClock()
    try {
      const done = await office(work)
      if (done.ok && work.act === 'card.missing' && work.class === classId) {
        this.scan({ text: enrolmentCode(work.person, classId), reader: STAFF_DESK, simulated: false })
      }
      return done
    } finally {
      recorder.catchUp()
      this.refresh()
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    while (!signal.aborted) {
      const awaited = this.#scans.open()
      const reader = await this.#parts.readers.reader(awaited)
      const reading = reader && (await this.#awaitCard(reader, awaited))
      const scan = this.#scans.close()
      if (signal.aborted) return
      const lent = this.#loan.asked
      if (lent?.by === 'face' && !reading?.ok) await this.#lendCamera(lent.person)
      else if (scan !== null && !reading?.ok) await this.#scanned(scan)
      else if (reader === null || reading === null) continue
      else if (reading.ok) await this.#one(reader, reading.value)
      else if (reading.fault.code === 'CARD_NONE') this.#showIdle()
      else await this.#readFailed(reader, reading.fault)
    }
  }

  async #awaitCard(reader: CardReader, signal: AbortSignal): Promise<Result<CardReading>> {
    if (this.#records.pinReader(reader.identity)) this.refresh()
    const due = this.#parts.readers.fault === null ? 'idle' : 'error'
    if (this.#display.snapshot.screen !== due) this.#showIdle()
    this.#records.closeSessions()
    if (this.#records.runChecks()) this.refresh()
    this.#isReading = true
    this.#isFound = false
    const reading = await reader.read({
      timeoutMs: CARD_WAIT_MS,
      signal,
      onFound: () => {
        // A card that lies there is before a code that comes now.
        this.#scans.close()
        this.#isFound = true
        this.#display.show({ screen: 'reading', message: null })
      },
    })
    this.#isReading = false
    return reading
  }

  async #one(reader: CardReader, reading: CardReading): Promise<void> {
    const { data } = this.#parts
    if (reading.simulated && !data.key.simulated) {
      // Recorded only as the reader that it came from: simulated records must not get among real ones.
      return this.#readFailed(reader, new Fault('CARD_SIMULATED', 'a simulated card at a real station'))
    }
    if (this.#loan.asked?.by === 'card') this.#loan.answer(ok(identifyCard(reading, data)))
    else await this.#checked((context, signal) => checkCard(reading, context, signal))
    await this.#awaitRemoval(reader)
    this.#showIdle()
  }

  async #scanned(scan: Scan): Promise<void> {
    const { data, forwardElectronicCard = null } = this.#parts
    if (scan.simulated && !data.key.simulated) {
      this.#showFault(new Fault('CARD_SIMULATED', 'a simulated scanner at a real station'))
      await pause(ERROR_SHOWN_MS, this.#stop.signal)
    } else {
      await this.#checked((context, signal) => checkScan(scan, context, forwardElectronicCard, signal))
    }
    this.#showIdle()
  }

  async #lendCamera(person: string): Promise<void> {
    this.#check = new AbortController()
    try {
      const signal = AbortSignal.any([this.#stop.signal, this.#check.signal])
      this.#loan.answer(await identifyFace(person, this.#context(), signal))
    } catch (thrown) {
      this.#loan.answer(failed(asFault(thrown)))
    }
    this.#check = null
    this.#showIdle()
  }

  /** One person's check, from its first screen to its verdict. */
  async #checked(
    check: (context: CheckContext, signal: AbortSignal) => Promise<CheckOutcome>,
  ): Promise<void> {
    const { signal } = this.#stop
    this.#check = new AbortController()
    try {
      const outcome = await check(this.#context(), AbortSignal.any([signal, this.#check.signal]))
      this.#display.show(verdictScreen(this.#parts, outcome, this.#forcedDirection))
      this.#onOutcome(outcome)
    } catch (thrown) {
      this.#showFault(asFault(thrown))
    }
    this.#check = null
    await pause(this.#parts.policy.verdictMs, signal)
  }

  /** A card left on the reader is somebody's evening spoilt, and the next person's card could not be read. */
  async #awaitRemoval(reader: CardReader): Promise<void> {
    const { signal } = this.#stop
    if (!(await reader.cardPresent())) return
    this.#display.show({ screen: 'take-card', until: null })
    while (!signal.aborted && (await reader.cardPresent())) await pause(PRESENCE_PROBE_MS, signal)
  }

  async #readFailed(reader: CardReader, fault: Fault): Promise<void> {
    const { readers } = this.#parts
    if (isReaderLost(fault)) {
      const closed = readers.lost(reader, fault)
      this.#showIdle()
      return closed
    }
    // A reader that answered nothing has not read a card badly: its health says so.
    if (readers.health !== 'ok' || (fault.code === 'CARD_TIMEOUT' && !this.#isFound)) {
      this.#showIdle()
      return
    }
    this.#showFault(fault)
    if (this.#loan.asked?.by === 'card') this.#loan.answer(failed(fault))
    else if (fault.code !== 'CARD_SIMULATED') {
      const index = this.#records.unreadableCard(reader.identity, fault.code)
      this.#onOutcome({ verdict: 'refused', reason: fault.code, person: null, index, stagesMs: {} })
    }
    await pause(ERROR_SHOWN_MS, this.#stop.signal)
    await this.#awaitRemoval(reader)
  }

  #context(): CheckContext {
    return {
      ...this.#parts,
      display: this.#display,
      answers: this.#answers,
      frames: this.#frames,
      forcedDirection: this.#forcedDirection,
      onFault: this.#onFault,
    }
  }

  #showIdle(): void {
    this.#display.show(waitingScreen(this.#parts, this.#forcedDirection))
  }

  /** A change of the reader is on the screen at once, unless somebody is being checked: then only in the bar below. */
  #showReader(): void {
    const { health, fault } = this.#parts.readers
    if (fault !== null) this.#onFault(fault)
    const isFree = this.#scans.isWaiting && WAITING.includes(this.#display.snapshot.screen)
    // One that was just opened is pinned before it may ask for cards.
    if (isFree && (fault !== null || this.#isReading)) this.#showIdle()
    else this.#display.show({ reader: health })
  }

  #showFault(fault: Fault): void {
    this.#onFault(fault)
    this.#display.show({ screen: 'error', message: fault.code, verdict: null, hint: null, until: null })
  }
}
