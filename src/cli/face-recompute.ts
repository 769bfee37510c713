import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { startFaceEngine } from '../face/engine.ts'
import { DEFAULT_ENGINE } from '../face/open-recogniser.ts'
import { type RecordedPictures, recompute as repeat } from '../face/recompute.ts'
import { decodeEvent, type FaceEvidence, type LedgerEvent } from '../ledger/event.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, SOFTWARE } from '../station/data-folder.ts'
import { keptLook } from '../station/kept-frames.ts'
import { EXIT, printAnswer, readOptions } from './command.ts'

export const recomputeUsage = `shidao face recompute --data DIR --event N [--write DIR] [--engine NAME|DIR] [--json]     repeats a decision from its kept frames; --write takes it along
shidao face recompute --frames DIR --portrait FILE --event-file FILE [--salt FILE] [--engine NAME|DIR] [--json]     the same on another machine`

/** The names in a folder that `--write` makes; the frames lie in `frames`. */
const FILES = { event: 'event.json', portrait: 'portrait', salt: 'salt', frames: 'frames' } as const

interface Recorded {
  readonly face: FaceEvidence
  readonly pictures: RecordedPictures
}

/** Exit 0 when everything came out as it was recorded, to the bit, 1 with the first difference. */
export async function recompute(words: readonly string[]): Promise<number> {
  const { values } = readOptions(words, {
    data: { type: 'string' },
    event: { type: 'string' },
    write: { type: 'string' },
    frames: { type: 'string' },
    portrait: { type: 'string' },
    'event-file': { type: 'string' },
    salt: { type: 'string' },
    engine: { type: 'string', default: DEFAULT_ENGINE },
    json: { type: 'boolean', default: false },
  })
  const { data, event, write, frames, portrait, salt, 'event-file': eventFile } = values
  let recorded: Recorded
  if (data !== undefined && event !== undefined) recorded = fromStation(data, event, write ?? null)
  else if (frames !== undefined && portrait !== undefined && eventFile !== undefined) {
    recorded = fromFiles({ frames, portrait, eventFile, salt: salt ?? null })
  } else {
    throw new Fault(
      'USAGE_RECOMPUTE',
      'face recompute takes --data DIR --event N, or --frames DIR --portrait FILE --event-file FILE',
    )
  }
  const engine = await startFaceEngine({ engine: values.engine })
  try {
    const answer = await repeat(engine, recorded.face, recorded.pictures, SOFTWARE)
    const { same, difference, repeated, portraitChecked, frames: compared } = answer
    printAnswer(values.json, answer, [
      same ? `the same, to the bit: ${repeated?.verdict}, ${compared.length} frames` : 'not the same',
      ...(portraitChecked ? [] : ['the portrait’s hash was not checked: no --salt']),
    ])
    if (same) return EXIT.yes
    process.stderr.write(`FACE_RECOMPUTE_DIFFERS ${difference}\n`)
    return EXIT.no
  } finally {
    await engine.close()
  }
}

function fromStation(dir: string, word: string, write: string | null): Recorded {
  if (!/^(0|[1-9][0-9]{0,8})$/.test(word)) throw new Fault('USAGE_NUMBER', '--event takes a record’s number')
  const index = Number(word)
  const data = openStation(dir, { clock: systemClock() })
  try {
    const found = data.ledger.events(index, Math.min(index + 1, data.ledger.size)).next().value
    if (found === undefined) throw new Fault('STATION_FRAMES_MISSING', `there is no record ${index}`)
    const { face, person } = decisionOf(found.event)
    if (person === null) throw new Fault('STATION_FRAMES_MISSING', `record ${index} is of nobody`)
    const look = unwrap(keptLook(data, person, index))
    const salt = data.side.get(person, 'biometric', 'salt')
    const pictures = { ...look, salt }
    if (write !== null) writeLook(write, found.body, pictures)
    return { face, pictures }
  } finally {
    data.close()
  }
}

/** What another machine needs. These files are a person’s face, unsealed: whoever asks for them answers for them. */
function writeLook(dir: string, event: Uint8Array, { portrait, salt, frames }: RecordedPictures): void {
  mkdirSync(join(dir, FILES.frames), { recursive: true, mode: 0o700 })
  const put = (name: string, bytes: Uint8Array): void =>
    writeFileSync(join(dir, name), bytes, { mode: 0o600 })
  put(FILES.event, event)
  put(FILES.portrait, portrait)
  if (salt !== null) put(FILES.salt, salt)
  for (const [i, frame] of frames.entries())
    put(join(FILES.frames, `${String(i).padStart(3, '0')}.jpg`), frame)
}

function fromFiles(files: {
  readonly frames: string
  readonly portrait: string
  readonly eventFile: string
  readonly salt: string | null
}): Recorded {
  const event = decodeEvent(readBytes(files.eventFile))
  const { face } = decisionOf(unwrap(event))
  const names = readNames(files.frames)
  return {
    face,
    pictures: {
      portrait: readBytes(files.portrait),
      salt: files.salt === null ? null : readBytes(files.salt),
      frames: names.map((name) => readBytes(join(files.frames, name))),
    },
  }
}

function decisionOf(event: LedgerEvent): { face: FaceEvidence; person: string | null } {
  if (event.type !== 'attendance' && event.type !== 'refusal') {
    throw new Fault('FACE_RECOMPUTE_NONE', `a record of ${event.type} holds no face decision`)
  }
  const { face, person } = event.data
  if (face === null) throw new Fault('FACE_RECOMPUTE_NONE', 'nobody’s face was compared for this record')
  return { face, person }
}

function readNames(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch (cause) {
    throw new Fault('FACE_FILE', `${dir} can't be read as a folder of frames`, { cause })
  }
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new Fault('FACE_FILE', `${file} can't be read`, { cause })
  }
}
