import type { RawData, WebSocket } from 'ws'
import { CHANNEL_CLOSE } from '../common/channel-close.ts'
import { asFault, Fault } from '../common/fault.ts'
import type { StationDesk } from './desk.ts'
import { needsSigner } from './export-work.ts'
import {
  type Answer,
  type Command,
  command,
  type FrameFacts,
  MAX_FRAME_BYTES,
  type Refused,
  type ServerMessage,
} from './protocol.ts'

/** Settings of `ws` for every listener of the channel: no compression (local), no message above a frame. */
export const CHANNEL_SOCKET = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  maxPayload: MAX_FRAME_BYTES,
} as const

/**
 * One window's conversation with the desk: the newest snapshot at once and after each change, commands and frames in.
 * Ends with the socket. Memory is bounded: one snapshot waits at most, and a window with more than `MOST_UNANSWERED`
 * commands without an answer (it floods, or doesn't read) is closed.
 */
export function converse(desk: StationDesk, socket: WebSocket): void {
  const push = newestOnly(socket)
  const unsubscribe = desk.subscribe(push)
  let unanswered = 0
  /** Of the frame that follows. */
  let facts: FrameFacts | undefined

  const answer = async (work: Promise<Refused | Answer | null>) => {
    unanswered += 1
    if (unanswered > MOST_UNANSWERED) socket.close(CHANNEL_CLOSE.flooded, 'too many at once')
    const refused = await work
    if (refused !== null) await new Promise((sent) => socket.send(JSON.stringify(refused), sent))
    unanswered -= 1
  }

  socket.on('message', (raw: RawData, isBinary: boolean) => {
    if (socket.readyState !== socket.OPEN) return
    const bytes = asBytes(raw)
    const said = isBinary ? null : parseCommand(bytes.toString('utf8'))
    if (said?.type === 'frame') facts = said.facts
    else if (!isBinary) void answer(obey(desk, said))
    else {
      if (isJpeg(bytes)) desk.frame(bytes, facts)
      else void answer(Promise.resolve(refusal('frame', 'STATION_FRAME')))
      facts = undefined
    }
  })
  // A message above the limit or broken framing: ws closes the connection (1009, 1002) after this event.
  socket.on('error', () => undefined)
  socket.on('close', unsubscribe)
  push(desk.snapshot())
}

/** Where a command of the same user asks for office work; everything else is a window. */
export const OFFICE_PATH = '/office'

/** A command's conversation: office work in, its answers out, nothing else. */
export function converseOffice(desk: StationDesk, socket: WebSocket): void {
  socket.on('message', async (raw: RawData) => {
    const asked = parseCommand(asBytes(raw).toString('utf8'))
    const answer =
      asked?.type === 'office' ? await officeAnswer(desk, asked) : refusal('unknown', 'STATION_COMMAND')
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(answer))
  })
  socket.on('error', () => undefined)
}

/** At most one message on its way and one waiting: a window that reads slowly skips states, it never queues them. */
function newestOnly(socket: WebSocket): (message: ServerMessage) => void {
  let waiting: ServerMessage | null = null
  let sending = false
  const next = () => {
    if (sending || waiting === null || socket.readyState !== socket.OPEN) return
    const text = JSON.stringify(waiting)
    waiting = null
    sending = true
    socket.send(text, () => {
      sending = false
      next()
    })
  }
  return (message) => {
    waiting = message
    next()
  }
}

async function obey(desk: StationDesk, parsed: Command | null): Promise<Refused | Answer | null> {
  if (parsed === null) return refusal('unknown', 'STATION_COMMAND')
  if (parsed.type === 'office') {
    return needsSigner(parsed.work) ? notDone(parsed.request, NOBODY_SIGNED) : officeAnswer(desk, parsed)
  }
  try {
    return await desk.command(parsed)
  } catch (thrown) {
    return refusal(parsed.type, asFault(thrown).code)
  }
}

async function officeAnswer(
  desk: StationDesk,
  { request, work }: Extract<Command, { readonly type: 'office' }>,
): Promise<Answer> {
  try {
    const done = await desk.office(work)
    return done.ok ? { type: 'answer', request, ok: true, value: done.value } : notDone(request, done.fault)
  } catch (thrown) {
    return notDone(request, asFault(thrown))
  }
}

function notDone(request: number, { code, message }: Fault): Answer {
  return { type: 'answer', request, ok: false, code, message }
}

const NOBODY_SIGNED = new Fault('STATION_SIGNER_UNKNOWN', 'from a window somebody signs for an export')

function parseCommand(text: string): Command | null {
  if (text.length > MAX_FRAME_BYTES) return null
  try {
    const parsed = command.safeParse(JSON.parse(text))
    const isShort = text.length <= LONGEST_COMMAND || (parsed.success && parsed.data.type === 'office')
    return parsed.success && isShort ? parsed.data : null
  } catch {
    return null
  }
}

function refusal(name: string, code: string): Refused {
  return { type: 'refused', command: name, code }
}

function asBytes(raw: RawData): Buffer {
  if (Array.isArray(raw)) return Buffer.concat(raw)
  return Buffer.isBuffer(raw) ? raw : Buffer.from(raw)
}

/** SOI and the first byte of the next marker, ISO/IEC 10918-1 B.1.1.3. */
function isJpeg(bytes: Buffer): boolean {
  return bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
}

const MOST_UNANSWERED = 16
const LONGEST_COMMAND = 4096
