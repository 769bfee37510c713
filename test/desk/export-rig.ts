import { setTimeout as pause } from 'node:timers/promises'
import { Fault } from '../../src/common/fault.ts'
import { unwrap } from '../../src/common/result.ts'
import { openDesk } from '../../src/desk/desk.ts'
import { ClassRoll } from '../../src/station/class-roll.ts'
import type { DeskService } from '../../src/station/desk-service.ts'
import type { ExportAnswers, ExportWork } from '../../src/station/export-work.ts'
import { Recorder } from '../../src/station/recorder.ts'
import { readSettings } from '../../src/station/settings.ts'
import type { StationStory } from '../export/station-story.ts'

type Order = Extract<ExportWork, { readonly act: 'export.start' }>

/** The desk of a story's station, as the station itself opens it beside its door. */
export function deskOf({ data, staff }: StationStory): DeskService {
  const roll = new ClassRoll()
  const engine = async () => {
    throw new Fault('FACE_ENGINE_CLOSED', 'no engine in this test')
  }
  const settings = readSettings(data.dir)
  const recorder = new Recorder(data, roll)
  return openDesk({ data, staff, roll, settings, recorder, engine, identify: null })
}

export function order({ supervisor }: StationStory, change: Partial<Order> = {}): Order {
  const what = { class: 'c1', kind: 'attendance', format: 'xlsx', masked: false, seal: null } as const
  return { act: 'export.start', ...what, person: null, period: null, by: supervisor, ...change }
}

/** Waits for the end of a job, however it ends. */
export async function settled(desk: DeskService, job: number): Promise<ExportAnswers['export.state']> {
  for (;;) {
    const state = unwrap(await desk({ act: 'export.state', job })) as ExportAnswers['export.state']
    if (state.state !== 'running') return state
    await pause(30)
  }
}

/** All of a file that the desk hands out, piece by piece. */
export async function wholeFile(desk: DeskService, name: string): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  for (let offset = 0; ; ) {
    const answer = unwrap(await desk({ act: 'files.read', name, offset })) as ExportAnswers['files.read']
    const bytes = Buffer.from(answer.base64, 'base64')
    pieces.push(bytes)
    offset += bytes.length
    if (offset >= answer.total) return Buffer.concat(pieces)
  }
}
