import { createHash, generateKeyPairSync } from 'node:crypto'
import type { Session } from '../../src/attendance/timetable.ts'
import type { ExportSource } from '../../src/export/class-export.ts'
import { formatCheckpoint } from '../../src/ledger/checkpoint.ts'
import type { RecordedEvent } from '../../src/ledger/ledger.ts'
import { leafHash, MerkleTree } from '../../src/ledger/merkle.ts'
import { ed25519Signer, signNote } from '../../src/ledger/note.ts'
import { ClassStory, MINUTE, MORNING, person } from '../attendance/class-story.ts'

const DAY_MINUTES = 24 * 60
const SALT = Buffer.alloc(16)
const act = { statement: '{}', signatures: [{ actor: '0'.repeat(32), signature: '0'.repeat(128) }] }

/** A class with two sessions a day at which everybody comes and goes in time; nobody exists. */
export function largeClass(trainees: number, days: number) {
  const starts = Array.from({ length: days }, (_, day) => [day * DAY_MINUTES, day * DAY_MINUTES + 330]).flat()
  const sessions = starts.map((minute, n): Session => {
    const start = MORNING + minute * MINUTE
    return { id: `s${n}`, start, end: start + 180 * MINUTE }
  })
  const story = new ClassStory({ sessions, people: 0 })
  const added = Array.from({ length: trainees }, (_, n) => ({
    ...{ person: person(n), portrait: 'official' as const },
    identity: createHash('sha256')
      .update(SALT)
      .update(identityText(person(n)))
      .digest('hex'),
  }))
  story.append({ type: 'roster.changed', data: { class: 'c1', added, removed: [], reason: 'r', act } })
  for (const [n, minute] of starts.entries()) {
    for (const [direction, at] of [['in', minute - 5] as const, ['out', minute + 181] as const]) {
      for (let who = 0; who < trainees; who++) {
        story.sign(direction, at, { person: person(who), session: `s${n}`, portrait: 'chip' })
      }
    }
  }
  return { story, sessions }
}

/** Adds sign-outs that two people entered a minute early, one for each of so many sessions of people. */
export function correctedClass(trainees: number, days: number, acts: number) {
  const { story, sessions } = largeClass(trainees, days)
  for (let n = 0; n < acts; n++) {
    const { id, end } = sessions[n % sessions.length]!
    const about = { class: 'c1', session: id, person: person(n % trainees), reason: 'r', overCap: false, act }
    const record = story.events.find(
      ({ type, data }) =>
        type === 'attendance' &&
        data.session === id &&
        data.person === about.person &&
        data.direction === 'out',
    )
    const add = { direction: 'out' as const, at: end - MINUTE }
    story.append({ type: 'attendance.corrected', data: { ...about, add, void: record?.index ?? null } })
  }
  return story
}

export function identityOf(id: string) {
  return { name: `学员${Number.parseInt(id, 16)}`, number: `110105199001${id.slice(-6)}` }
}

/** The story as an export reads a station: its bytes in a tree, signed by a key made for it. */
export function sourceOf({ events }: ClassStory): ExportSource {
  const origin = events[0]!.origin
  const signer = ed25519Signer(origin, generateKeyPairSync('ed25519').privateKey)
  const recorded = events.map((event): RecordedEvent => {
    const body = new TextEncoder().encode(JSON.stringify(event))
    return { index: event.index, body, event, leaf: leafHash(body) }
  })
  const tree = MerkleTree.fromLeaves(recorded.map(({ leaf }) => leaf))
  const head = { origin, size: tree.size, root: tree.root() }
  const checkpoint = signNote(formatCheckpoint(head), [signer])
  return {
    ledger: {
      ...head,
      *events(from = 0, to = recorded.length) {
        yield* recorded.slice(from, to)
      },
      inclusionProof: (index, size) => tree.inclusionProof(index, size),
      checkpoint: () => checkpoint,
      gmCheckpoint: () => null,
    },
    ...{ packFolders: [], nameOf: identityOf, signer },
    openRecord: (id) => ({ salt: SALT, bytes: new TextEncoder().encode(identityText(id)) }),
  }
}

function identityText(id: string): string {
  return JSON.stringify(identityOf(id))
}
