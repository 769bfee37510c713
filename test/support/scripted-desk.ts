import { Fault } from '../../src/common/fault.ts'
import { failed } from '../../src/common/result.ts'
import type { StationDesk } from '../../src/station/desk.ts'
import type { Command, FrameFacts, Refused, Snapshot } from '../../src/station/protocol.ts'

/** A desk that does what the test says and remembers what the window sent. Nobody real is on its screens. */
export function scriptedDesk(): StationDesk & {
  readonly commands: Command[]
  readonly frames: Uint8Array[]
  /** What the window said of each frame. */
  readonly facts: (FrameFacts | undefined)[]
  /** Next state for every window. */
  show(change: Partial<Snapshot>): void
  /** What the next commands are answered with. */
  answer: (command: Command) => Promise<Refused | null>
  readonly listeners: number
} {
  const listeners = new Set<(snapshot: Snapshot) => void>()
  let current = IDLE
  return {
    commands: [],
    frames: [],
    facts: [],
    answer: async () => null,
    get listeners() {
      return listeners.size
    },
    snapshot: () => current,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    command(command) {
      this.commands.push(command)
      return this.answer(command)
    },
    office: async () => failed(new Fault('STATION_NOT_NOW', 'a scripted desk does no office work')),
    frame(jpeg, facts) {
      this.frames.push(jpeg)
      this.facts.push(facts)
    },
    show(change) {
      current = { ...current, ...change, revision: current.revision + 1 }
      for (const listener of listeners) listener(current)
    },
  }
}

const IDLE: Snapshot = {
  type: 'snapshot',
  revision: 1,
  screen: 'idle',
  simulated: true,
  direction: 'in',
  session: {
    title: '养老护理员（模拟）',
    id: '0'.repeat(32),
    start: 1_790_000_000_000,
    end: 1_790_010_000_000,
  },
  counts: { expected: 6, present: 0, doubtful: 0 },
  upload: { waiting: 0, online: true, configured: true },
  reader: 'ok',
  readerChangedAt: null,
  scanner: null,
  camera: 'ok',
  cameraDetail: null,
  person: null,
  hint: null,
  prompt: null,
  light: null,
  verdict: null,
  message: null,
  messageValues: {},
  actors: [],
  noticeVersion: '0'.repeat(64),
  until: null,
}
