import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { Fault, type FaultCode } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { openDesk } from '../desk/desk.ts'
import { type FaceEngine, startFaceEngine } from '../face/engine.ts'
import { OFFICE_PATH } from '../station/channel-conversation.ts'
import { ClassRoll } from '../station/class-roll.ts'
import { systemClock } from '../station/clock.ts'
import { openStation } from '../station/data-folder.ts'
import { type DeskWork, deskWork, isOfficeWork } from '../station/desk-work.ts'
import { doOfficeWork } from '../station/office.ts'
import { type Answer, MAX_FRAME_BYTES, type Refused } from '../station/protocol.ts'
import { Recorder } from '../station/recorder.ts'
import { readSettings } from '../station/settings.ts'
import { stationSocketPath } from '../station/socket-path.ts'
import { Staff } from '../station/staff.ts'
import { secret } from './staff.ts'
import { stationAnswers } from './station-process.ts'

/** Does one piece of work at the desk and gives its answer's JSON. */
export type Perform = (work: DeskWork) => Promise<unknown>

/**
 * Does work at the desk on a data folder: through the station where one runs on it, else by itself. Gives the answer's JSON
 * and throws its fault, the same in both cases.
 */
export function performDeskWork(dir: string, work: DeskWork): Promise<unknown> {
  return withDesk(dir, (perform) => perform(work))
}

/** The same for several pieces of work of which one goes on from another: they are done at one desk. */
export async function withDesk<T>(dir: string, work: (perform: Perform) => Promise<T>): Promise<T> {
  const socketPath = stationSocketPath(dir)
  if (await stationAnswers(socketPath)) return work(async (one) => askStation(socketPath, checked(one)))
  return withOwnDesk(dir, (perform) => work(async (one) => perform(checked(one))))
}

function checked(work: DeskWork): DeskWork {
  const parsed = deskWork.safeParse(work)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Fault('USAGE_VALUE', `${issue?.path.join('.') || 'value'}: ${issue?.message}`)
}

/** `--by` with the PIN from SHIDAO_PIN, or asked for. */
export async function firstSigner(actor: string) {
  return { actor, pin: await secret('SHIDAO_PIN', 'PIN: ') }
}

/** `--by` and `--second`; the second PIN from SHIDAO_SECOND_PIN, or asked for. */
export async function twoSigners(
  values: { readonly by?: string | undefined; readonly second?: string | undefined },
  command: string,
) {
  const { by, second } = values
  if (by === undefined || second === undefined) {
    throw new Fault('USAGE_SIGNERS', `${command} takes --by ACTOR and --second ACTOR`)
  }
  const first = await firstSigner(by)
  const other = { actor: second, pin: await secret('SHIDAO_SECOND_PIN', 'PIN of the second signer: ') }
  return [first, other] as [typeof first, typeof other]
}

/** An option that has to be there, or `USAGE_VALUE`. */
export function need(value: string | undefined, option: string): string {
  if (value === undefined) throw new Fault('USAGE_VALUE', `this takes ${option}`)
  return value
}

async function withOwnDesk<T>(dir: string, work: (perform: Perform) => Promise<T>): Promise<T> {
  const data = openStation(dir, { clock: systemClock() })
  let engine: FaceEngine | null = null
  try {
    const roll = new ClassRoll()
    const recorder = new Recorder(data, roll)
    const settings = readSettings(dir)
    const named = settings.engine === null ? {} : { engine: settings.engine }
    const parts = {
      ...{ data, roll, settings, staff: new Staff(data) },
      engine: async () => {
        engine ??= await startFaceEngine(named)
        return engine
      },
    }
    const desk = openDesk({ ...parts, recorder, identify: null })
    return await work(async (one) => {
      const done = isOfficeWork(one) ? await doOfficeWork(parts, one) : await desk(one)
      recorder.catchUp()
      return unwrap(done)
    })
  } finally {
    await (engine as FaceEngine | null)?.close()
    data.close()
  }
}

function askStation(socketPath: string, work: DeskWork): Promise<unknown> {
  const message = JSON.stringify({ type: 'office', request: 1, work })
  if (Buffer.byteLength(message) > MAX_FRAME_BYTES) {
    throw new Fault('STATION_RUNNING', 'this is too much for a station that runs; stop it and do it again')
  }
  const socket = new WebSocket(`ws://localhost${OFFICE_PATH}`, {
    createConnection: () => connect(socketPath),
    perMessageDeflate: false,
  })
  return new Promise((resolve, reject) => {
    socket.once('open', () => socket.send(message))
    socket.once('error', (cause) =>
      reject(new Fault('STATION_SOCKET', 'the station does not answer', { cause })),
    )
    socket.once('close', () => reject(new Fault('STATION_SOCKET', 'the station ended before it answered')))
    socket.once('message', (raw) => {
      const answer = JSON.parse(String(raw)) as Answer | Refused
      if (answer.type === 'answer' && answer.ok) resolve(answer.value)
      else reject(new Fault(answer.code as FaultCode, 'message' in answer ? answer.message : 'refused'))
      socket.close()
    })
  })
}
