import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { asFault, Fault } from '../common/fault.ts'
import { failed, ok, type Result } from '../common/result.ts'
import { writeWholeFile } from '../export/write-file.ts'
import { ArcfaceRecogniser } from '../face/arcface-recogniser.ts'
import { LIVENESS_CALIBRATION } from '../face/liveness/calibration.ts'
import { LivenessNetwork } from '../face/liveness/passive.ts'
import {
  encodeRedteamLog,
  type JudgedBy,
  type Presentation,
  presentationOf,
  type RedteamLog,
  sameJudge,
} from '../face/liveness/redteam/log.ts'
import { SOFTWARE } from '../station/data-folder.ts'
import { judgeFile } from './face-liveness.ts'

/** What is said of a film. */
export type Said = Pick<Presentation, 'presented' | 'device' | 'person'>

/** A test that is going on: what it has so far, and its file, which always has all of it. */
export interface RedteamSession {
  readonly path: string
  readonly log: RedteamLog
  /**
   * Judges one film or picture, adds it to the log and writes that. Faults: `FACE_REDTEAM_DONE` for bytes that the log had
   * when it was opened, `FACE_REDTEAM_TWICE` for those that were added since, and those of reading (`FACE_FILE`,
   * `FACE_VIDEO`, `FACE_IMAGE_…`); then the log stays as it was.
   */
  add(file: string, said: Said): Promise<Result<Presentation>>
  close(): Promise<void>
}

/**
 * Opens the engine and goes on with a log, or begins it: `begin` gets what will judge. Throws `FACE_REDTEAM_MIXED` for a log
 * that other weights, thresholds or another program began.
 */
export async function openRedteamSession(
  path: string,
  begin: (judgedBy: JudgedBy) => RedteamLog,
): Promise<RedteamSession> {
  const [recogniser, network] = await Promise.all([ArcfaceRecogniser.open(), LivenessNetwork.open()])
  const close = async () => {
    await Promise.all([recogniser.close(), network.close()])
  }
  try {
    const judgedBy = await judgeOf(recogniser, network)
    let log = begin(judgedBy)
    if (!sameJudge(log.judgedBy, judgedBy)) {
      throw new Fault(
        'FACE_REDTEAM_MIXED',
        'this log was begun by another program, weights or thresholds: begin a new one',
      )
    }
    const before = new Set(log.presentations.map(({ sha256 }) => sha256))
    const save = () => writeWholeFile(path, encodeRedteamLog(log))
    save()
    return {
      path,
      get log() {
        return log
      },
      async add(file, said) {
        try {
          const sha256 = await hashOf(file)
          if (before.has(sha256)) {
            return failed(new Fault('FACE_REDTEAM_DONE', 'this film was in the log when it was opened'))
          }
          if (log.presentations.some((one) => one.sha256 === sha256)) {
            return failed(new Fault('FACE_REDTEAM_TWICE', 'this film is in the log already'))
          }
          const judged = await judgeFile({ recogniser, network }, file)
          const presentation = presentationOf({ ...said, sha256, judgedAt: Date.now() }, judged)
          log = { ...log, presentations: [...log.presentations, presentation] }
          save()
          return ok(presentation)
        } catch (thrown) {
          const fault = asFault(thrown)
          // A log that can't be written is no fault of the film.
          if (!fault.code.startsWith('FACE_')) throw fault
          return failed(fault)
        }
      },
      close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

async function judgeOf(recogniser: ArcfaceRecogniser, network: LivenessNetwork): Promise<JudgedBy> {
  const file = fileURLToPath(new URL('../face/liveness/calibration.json', import.meta.url))
  const { bonaFide, attack } = LIVENESS_CALIBRATION.fused
  return {
    software: SOFTWARE,
    engine: recogniser.engine,
    models: [...recogniser.models],
    liveness: network.identity,
    calibration: {
      sha256: createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
      ...{ bonaFide, attack },
    },
  }
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file), hash)
  } catch (cause) {
    throw new Fault('FACE_FILE', `${file} can't be read`, { cause })
  }
  return hash.digest('hex')
}
