import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unwrap } from '../../src/common/result.ts'
import { falseAct } from '../../src/inspect/acts.ts'
import { simulatedClock } from '../../src/station/clock.ts'
import { createStation, type StationData } from '../../src/station/data-folder.ts'
import { type ChosenEngine, choiceBehind, chooseEngine } from '../../src/station/engine-choice.ts'
import { readSettings, writeSettings } from '../../src/station/settings.ts'
import { type Signer, Staff } from '../../src/station/staff.ts'

const engine: ChosenEngine = {
  engine: 'face-api',
  model: { name: 'face-api', sha256: 'a'.repeat(64) },
  thresholds: { accept: 0.6, reject: 0.5, fmr: 1e-3, population: 'simulated' },
  licence: { name: 'MIT', source: 'simulated', provenance: 'simulated' },
}

let dir: string
let data: StationData
let staff: Staff
let supervisor: Signer
let teacher: Signer

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shidao-choice-'))
  data = createStation(dir, { simulated: true, clock: simulatedClock(0) })
  staff = new Staff(data)
  supervisor = enrol('模拟督导', 'supervisor', '246810', null)
  teacher = enrol('模拟班主任', 'teacher', '135791', supervisor)
})
afterEach(() => {
  data.close()
  rmSync(dir, { recursive: true })
})

function enrol(name: string, role: 'supervisor' | 'teacher', pin: string, by: Signer | null): Signer {
  return { actor: unwrap(staff.enrol({ name, role, pin }, by)).actor, pin }
}

test('a supervisor’s choice is a signed record of weights, thresholds and licence', () => {
  const index = unwrap(chooseEngine(data, staff, engine, supervisor))
  const events = [...data.ledger.events()].map(({ event }) => event)
  expect(events[index]).toMatchObject({
    type: 'engine.chosen',
    data: { engine: 'face-api', model: engine.model, accept: 0.6, fmr: 1e-3, licence: 'MIT' },
  })
  expect(falseAct(events)).toBe(null)
})

test('a choice whose record says other thresholds than were signed is found', () => {
  const index = unwrap(chooseEngine(data, staff, engine, supervisor))
  const events = [...data.ledger.events()].map(({ event }) => structuredClone(event))
  const choice = events[index]
  if (choice?.type === 'engine.chosen') choice.data.accept = 0.1
  expect(falseAct(events)).toMatchObject({ code: 'act', index })
})

test('only a supervisor with their PIN may choose', () => {
  expect(chooseEngine(data, staff, engine, teacher)).toMatchObject({
    fault: { code: 'STATION_NOT_SUPERVISOR' },
  })
  expect(chooseEngine(data, staff, engine, { ...supervisor, pin: '000000' })).toMatchObject({
    fault: { code: 'LEDGER_PIN' },
  })
  expect(choiceBehind(data.ledger, engine)).toBe(null)
})

test('a choice stands behind its own weights and thresholds only, and behind the newest choice', () => {
  expect(choiceBehind(data.ledger, engine)).toBe(null)
  const index = unwrap(chooseEngine(data, staff, engine, supervisor))
  expect(choiceBehind(data.ledger, engine)).toBe(index)
  const otherWeights = { ...engine, model: { name: 'face-api', sha256: 'b'.repeat(64) } }
  expect(choiceBehind(data.ledger, otherWeights)).toBe(null)
  const otherThresholds = { ...engine, thresholds: { ...engine.thresholds, accept: 0.5 } }
  expect(choiceBehind(data.ledger, otherThresholds)).toBe(null)
  const newer = unwrap(chooseEngine(data, staff, otherWeights, supervisor))
  expect(choiceBehind(data.ledger, engine)).toBe(null)
  expect(choiceBehind(data.ledger, otherWeights)).toBe(newer)
})

test('the setting is none until somebody chooses, and is kept', () => {
  expect(readSettings(dir).engine).toBe(null)
  writeSettings(dir, { engine: 'face-api' })
  expect(readSettings(dir).engine).toBe('face-api')
})
