import { createHash } from 'node:crypto'
import { openSerialScanner } from '../cards/driver/scanner.ts'
import { forwardElectronicCard } from '../cards/essc-verifier.ts'
import { asFault, Fault } from '../common/fault.ts'
import {
  duplicateNoticeText,
  noticeText,
  noticeTextWithCardFacts,
  noticeTextWithFrames,
  noticeTextWithFramesAndCardFacts,
} from '../common/notice.ts'
import { failed, type Result } from '../common/result.ts'
import { duplicateThresholdOf } from '../face/duplicate-threshold.ts'
import { type FaceEngine, startFaceEngine } from '../face/engine.ts'
import { createUploader, type Uploader, type UploadState } from '../upload/uploader.ts'
import { ClassRoll } from './class-roll.ts'
import { SOFTWARE, type StationData } from './data-folder.ts'
import type { DeskService, OpenDesk } from './desk-service.ts'
import { type DeskWork, isOfficeWork } from './desk-work.ts'
import { Door } from './door.ts'
import { DuplicateWatch, type WatchParts } from './duplicates/watch.ts'
import { choiceBehind } from './engine-choice.ts'
import { FrameKeeper } from './kept-frames.ts'
import { LedgerFrames } from './ledger-frames.ts'
import { type LedgerWatch, watchLedger } from './ledger-watch.ts'
import { livenessGuard } from './liveness-guard.ts'
import { doOfficeWork } from './office.ts'
import type { CheckOutcome } from './outcome.ts'
import { type OpenReader, ReaderSupervisor } from './reader-supervisor.ts'
import { Recorder } from './recorder.ts'
import { applyRetention } from './retention.ts'
import { type OpenScanner, ScannerSupervisor } from './scanner-supervisor.ts'
import type { ForwardElectronicCard } from './selection.ts'
import { doorPolicy, type Settings } from './settings.ts'
import { Staff } from './staff.ts'

export interface StationParts {
  readonly data: StationData
  readonly settings: Settings
  readonly openReader: OpenReader
  /** The scanner for codes; the one of the settings when absent. */
  readonly openScanner?: OpenScanner
  /** Instead of the engine of the settings, for this run. */
  readonly engine?: string
  /** Inspections and exports; refused where absent. */
  readonly openDesk?: OpenDesk
  /** Told of each fault that is new, for a log: code and message hold no personal data. */
  readonly onFault?: (fault: Fault) => void
  readonly onOutcome?: (outcome: CheckOutcome) => void
}

/** No class has this id, so nobody has a seat and no session is open. */
const NO_CLASS = ''

/** A running station: the door, its face engine and its uploader around one data folder. */
export interface Station {
  readonly door: Door
  readonly engine: FaceEngine
  readonly staff: Staff
  readonly uploader: Uploader | null
  /** The verification of the whole ledger, behind everything else. */
  readonly ledgerWatch: LedgerWatch
  stop(): Promise<void>
}

/**
 * Starts a station. The face engine tests itself first; when that fails nothing starts (`FACE_SELF_TEST`),
 * because a lane with a broken engine turns people away or lets anybody in.
 */
export async function startStation(parts: StationParts): Promise<Station> {
  const { data, settings, openReader } = parts
  const roll = new ClassRoll()
  const recorder = new Recorder(data, roll)
  if (settings.class !== null && roll.known(settings.class) === null) {
    throw new Fault('STATION_CLASS_UNKNOWN', `no class "${settings.class}" was opened here`)
  }
  const named = parts.engine ?? settings.engine
  const engine = await startFaceEngine(named === null ? {} : { engine: named })
  const onFault = onceEach(parts.onFault ?? (() => {}))
  destroyWhatIsDue(data, onFault)
  recorder.append({
    type: 'station.start',
    data: {
      software: SOFTWARE,
      node: process.version,
      engine: engine.info.engine,
      models: [...engine.info.models, engine.info.liveness],
      accept: engine.info.thresholds.accept,
      reject: engine.info.thresholds.reject,
      licence: engine.info.licence.name,
      chosen: choiceBehind(data.ledger, engine.info),
      reader: recorder.lastReader,
      camera: recorder.lastCamera,
    },
  })
  const uploader =
    settings.collector === null
      ? null
      : uploaderFor(data, settings.collector, ({ lastFault }) => {
          if (lastFault !== null) onFault(lastFault)
          door.refresh()
        })
  const staff = new Staff(data)
  const duplicates = duplicateWatch({ data, roll, recorder, onFault }, settings, engine)
  const frames = settings.liveness && new LedgerFrames(data.ledger, onFault)
  let scanner: ScannerSupervisor | null = null
  const office = { data, staff, roll, settings, engine: async () => engine }
  const desk: DeskService | null =
    parts.openDesk?.({ ...office, recorder, identify: (asked) => door.identify(asked) }) ?? null
  const door = new Door(
    {
      classId: settings.class ?? roll.classIds().at(-1) ?? NO_CLASS,
      data,
      roll,
      recorder,
      staff,
      engine,
      policy: doorPolicy(settings),
      readers: new ReaderSupervisor(openReader),
      guard:
        settings.liveness &&
        frames &&
        livenessGuard({
          ...settings.liveness,
          memory: frames,
          camera: () => door.cameraReading(),
        }),
      noticeVersion: noticeVersion(settings),
      frameKeeper: settings.keepFrames && new FrameKeeper(data, settings.keepFrames, onFault),
      duplicates,
      cardFacts: settings.cardFacts,
      upload: () => ({
        waiting: data.ledger.unsent,
        online: uploader?.state.online ?? false,
        configured: uploader !== null,
      }),
      scanner: () => scanner && { health: scanner.health, code: scanner.fault?.code ?? null },
      forwardElectronicCard: configuredVerifier(settings, onFault),
      checks: settings.office,
      office: (work) =>
        isOfficeWork(work) ? doOfficeWork(office, work) : (desk?.(work) ?? doneElsewhere(work)),
    },
    { onFault, ...(parts.onOutcome === undefined ? {} : { onOutcome: parts.onOutcome }) },
  )
  const openScanner = parts.openScanner ?? configuredScanner(settings)
  scanner = openScanner && scannerAt(door, openScanner, parts.onFault ?? (() => {}))
  door.start()
  scanner?.start()
  uploader?.start()
  const ledgerWatch = watchLedger(
    data,
    (fault) => {
      onFault(fault)
      door.refresh()
    },
    (finding) => recorder.append({ type: 'ledger.rehashed', data: finding }),
  )
  return {
    door,
    engine,
    staff,
    uploader,
    ledgerWatch,
    stop: async () => {
      await ledgerWatch.stop()
      await frames?.stop()
      await scanner?.stop()
      await door.stop()
      await duplicates?.settled()
      await uploader?.stop()
      await engine.close()
    },
  }
}

/** sha256 of the notice that people are asked with, hex. */
export function noticeVersion({
  keepFrames,
  cardFacts = false,
}: Pick<Settings, 'keepFrames'> & Partial<Pick<Settings, 'cardFacts'>>): string {
  const plain = cardFacts ? noticeTextWithCardFacts : noticeText
  const withFrames = cardFacts ? noticeTextWithFramesAndCardFacts : noticeTextWithFrames
  return hashOf((keepFrames === null ? plain : withFrames)['zh-CN'])
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Null where the site doesn't want it, or the engine's weights have no measured threshold: then nobody is asked either. */
function duplicateWatch(
  parts: Pick<WatchParts, 'data' | 'roll' | 'recorder' | 'onFault'>,
  { findDuplicates }: Settings,
  { info }: FaceEngine,
): DuplicateWatch | null {
  const threshold = findDuplicates ? duplicateThresholdOf(info.model) : null
  const noticeVersion = hashOf(duplicateNoticeText['zh-CN'])
  return threshold && new DuplicateWatch({ ...parts, threshold, noticeVersion })
}

function configuredScanner({ scanner }: Settings): OpenScanner | null {
  return scanner && (() => openSerialScanner(scanner))
}

function configuredVerifier(
  { electronicCard: verifier }: Settings,
  onFault: (fault: Fault) => void,
): ForwardElectronicCard | null {
  if (verifier === null) return null
  return async (code, signal) => {
    // The check's end is the question's end; the verifier's own time limit stays.
    const send: typeof fetch = (url, init) =>
      fetch(url, { ...init, signal: AbortSignal.any([signal, ...(init?.signal ? [init.signal] : [])]) })
    const answer = await forwardElectronicCard(code, verifier, send)
    if (!answer.ok) onFault(answer.fault)
    return answer
  }
}

async function doneElsewhere({ act }: DeskWork): Promise<Result<unknown>> {
  return failed(new Fault('STATION_NOT_NOW', `this station has no desk for ${act}`))
}

/** With a filter of its own: a scanner that is away must not hide what the reader or the uploader says, nor they it. */
function scannerAt(door: Door, open: OpenScanner, onFault: (fault: Fault) => void): ScannerSupervisor {
  return new ScannerSupervisor(open, {
    onScan: (scan) => door.scan(scan),
    onFault: onceEach(onFault),
    onChange: () => door.refresh(),
  })
}

/** Terms of the rule pack that ended while the station was off; a term that can't be kept now stops nobody. */
function destroyWhatIsDue(data: StationData, onFault: (fault: Fault) => void): void {
  try {
    applyRetention(data)
  } catch (thrown) {
    onFault(asFault(thrown))
  }
}

function uploaderFor(
  data: StationData,
  collector: { url: string; vkey: string },
  onState: (state: UploadState) => void,
): Uploader {
  return createUploader({
    ledger: data.ledger,
    stationKey: data.key,
    url: collector.url,
    collectorVkey: collector.vkey,
    now: () => data.clock.now().wall,
    onState,
    onReceipt: (receipt) => data.clock.confirm(receipt.time),
  })
}

/** Passes a fault on unless it is the same code as the one before: a retry every second is not news. */
function onceEach(onFault: (fault: Fault) => void): (fault: Fault) => void {
  let last: string | null = null
  return (fault) => {
    if (fault.code === last) return
    last = fault.code
    onFault(fault)
  }
}
