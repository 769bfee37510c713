import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unwrap } from '../../src/common/result.ts'
import { createActorKey, signAct, type WrappedKey } from '../../src/ledger/act.ts'
import { cosign, cosignerKey } from '../../src/ledger/cosignature.ts'
import type { EventInput, EventTime, SignedAct } from '../../src/ledger/event.ts'
import { Ledger } from '../../src/ledger/ledger.ts'
import { createStationKey, type StationKey } from '../../src/ledger/station-key.ts'

/** A data folder in the temporary directory. */
export function temporaryFolder(): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'shidao-ledger-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}

/** A clock that ticks one second at each look, at 2026-03-02T08:00+08:00. */
export function steadyClock(): () => EventTime {
  let ticks = 0
  return () => {
    ticks++
    return {
      wall: 1_772_409_600_000 + ticks * 1000,
      boot: 'boot-1',
      boottime: ticks * 1000,
      trust: 'unconfirmed',
    }
  }
}

export interface Witness {
  readonly vkey: string
  cosign(note: string, timeSeconds: number): string
}

export function newWitness(name = 'witness.example/w1'): Witness {
  const { privateKey } = generateKeyPairSync('ed25519')
  return witnessOf(name, privateKey)
}

function witnessOf(name: string, privateKey: KeyObject): Witness {
  return {
    vkey: cosignerKey(name, privateKey).vkey,
    cosign: (note, timeSeconds) => note + cosign(note, { name, privateKey }, timeSeconds),
  }
}

export interface SamplePerson {
  readonly actor: string
  readonly publicKey: string
  readonly wrapped: WrappedKey
}

const PIN = '246810'
let people: readonly [SamplePerson, SamplePerson] | null = null

/** Two people with keys, made once: stretching a PIN takes its time. */
export function samplePeople(): readonly [SamplePerson, SamplePerson] {
  const person = () => ({ actor: randomId(), ...createActorKey(PIN) })
  people ??= [person(), person()]
  return people
}

export function signedBy(
  statement: Readonly<Record<string, unknown>>,
  signers: readonly SamplePerson[],
): SignedAct {
  const text = JSON.stringify(statement)
  const signatures = signers.map(({ actor, wrapped }) => unwrap(signAct(text, { actor, wrapped, pin: PIN })))
  return { statement: text, signatures }
}

export interface SampleLedger {
  readonly ledger: Ledger
  readonly key: StationKey
  readonly now: () => EventTime
}

/** A ledger whose only event is its key's birth. */
export function newLedger(dir: string): SampleLedger {
  const key = createStationKey(dir, { simulated: true })
  const now = steadyClock()
  const ledger = Ledger.open({ dir, signer: key.signer, now })
  ledger.append(birth(key))
  return { ledger, key, now }
}

export function birth(key: StationKey): EventInput {
  return { type: 'station.key', data: { vkey: key.vkey, simulated: true, software: 'test' } }
}

export function closing(session: string): EventInput {
  return { type: 'session.closed', data: { class: 'class-1', session } }
}

/** Appends the witness's receipt for the ledger as it is. */
export function appendReceipt({ ledger, now }: SampleLedger, witness: Witness): void {
  const time = now().wall
  const note = witness.cosign(ledger.checkpoint(), Math.floor(time / 1000))
  const root = Buffer.from(ledger.root).toString('hex')
  const name = witness.vkey.split('+')[0]!
  ledger.append({ type: 'receipt', data: { witness: name, size: ledger.size, root, time, note } })
}

export function randomId(): string {
  return randomBytes(16).toString('hex')
}
