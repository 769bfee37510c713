import { createHash } from 'node:crypto'
import { noticeText } from '../common/notice.ts'
import { type FaceEngine, startFaceEngine } from '../face/engine.ts'
import { createUploader, type Uploader } from '../upload/uploader.ts'
import { ClassRoll } from './class-roll.ts'
import { SOFTWARE, type StationData } from './data-folder.ts'
import { Door } from './door.ts'
import type { CheckOutcome } from './outcome.ts'
import { type OpenReader, ReaderSupervisor } from './reader-supervisor.ts'
import { Recorder } from './recorder.ts'
import { doorPolicy, type Settings } from './settings.ts'
import { Staff } from './staff.ts'

export interface StationParts {
  readonly data: StationData
  readonly settings: Settings
  readonly openReader: OpenReader
  readonly onOutcome?: (outcome: CheckOutcome) => void
}

/** A running station: the door, its face engine and its uploader around one data folder. */
export interface Station {
  readonly door: Door
  readonly engine: FaceEngine
  readonly staff: Staff
  readonly uploader: Uploader | null
  stop(): Promise<void>
}

/**
 * Starts a station. The face engine tests itself first; when that fails nothing starts (`FACE_SELF_TEST`),
 * because a lane with a broken engine turns people away or lets anybody in.
 */
export async function startStation({
  data,
  settings,
  openReader,
  onOutcome,
}: StationParts): Promise<Station> {
  const engine = await startFaceEngine()
  const roll = new ClassRoll()
  const recorder = new Recorder(data, roll)
  recorder.append({
    type: 'station.start',
    data: {
      software: SOFTWARE,
      node: process.version,
      engine: engine.info.engine,
      models: [...engine.info.models],
      accept: engine.info.thresholds.accept,
      reject: engine.info.thresholds.reject,
      reader: recorder.lastReader,
      camera: null,
    },
  })
  const uploader =
    settings.collector === null ? null : uploaderFor(data, settings.collector, () => door.refresh())
  const staff = new Staff(data)
  const door = new Door(
    {
      classId: settings.class ?? roll.classIds().at(-1) ?? '',
      data,
      roll,
      recorder,
      staff,
      engine,
      policy: doorPolicy(settings),
      readers: new ReaderSupervisor(openReader),
      noticeVersion: createHash('sha256').update(noticeText['zh-CN']).digest('hex'),
      upload: () => ({
        waiting: data.ledger.unsent,
        online: uploader?.state.online ?? false,
        configured: uploader !== null,
      }),
    },
    onOutcome,
  )
  door.start()
  uploader?.start()
  return {
    door,
    engine,
    staff,
    uploader,
    stop: async () => {
      await door.stop()
      await uploader?.stop()
      await engine.close()
    },
  }
}

function uploaderFor(
  data: StationData,
  collector: { url: string; vkey: string },
  onState: () => void,
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
