import { writeFileSync } from 'node:fs'
import encodeQR from 'qr'
import { Fault } from '../common/fault.ts'
import { unwrap } from '../common/result.ts'
import { keyFingerprint } from '../ledger/fingerprint.ts'
import { rekeyGm } from '../ledger/gm-rekey.ts'
import { presentVault } from '../ledger/key-vault.ts'
import { parseVkey } from '../ledger/note.ts'
import { rekey } from '../ledger/rekey.ts'
import { loadStationKey } from '../ledger/station-key.ts'
import { protectStationKey, unprotectStationKey } from '../ledger/station-key-protection.ts'
import { systemClock } from '../station/clock.ts'
import { openStation, type StationData } from '../station/data-folder.ts'
import { keyProtection } from '../station/key-protection.ts'
import { Staff } from '../station/staff.ts'
import { defaultDataFolder, EXIT, printAnswer, readWords } from './command.ts'
import { makeAuditorKey } from './key-auditor.ts'
import { secret } from './staff.ts'

export const usage = `shidao key [show] [--qr FILE.svg] [--data DIR] [--json]     the station's public key, its fingerprint, and what protects it
shidao key enrolled --fingerprint F --collector VKEY --by ACTOR [--data DIR]     a person compared it with the collector's
shidao key rotate --by ACTOR [--gm] [--reason planned|compromised] [--data DIR]     a new key from now on; the old one is gone
                 --gm: the second tree's, which signs with SM2
shidao key protect --by ACTOR [--off] [--data DIR]     the system wraps the key's file (systemd-creds, DPAPI); --off takes it out again
shidao key auditor --out FILE [--json]     an auditor's own key (age, X25519): its public half is what stations seal bundles for`

const options = {
  by: { type: 'string' },
  collector: { type: 'string' },
  fingerprint: { type: 'string' },
  reason: { type: 'string', default: 'planned' },
  gm: { type: 'boolean', default: false },
  off: { type: 'boolean', default: false },
  qr: { type: 'string' },
  out: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** `shidao key …`. A supervisor's PIN is asked for, or SHIDAO_PIN, for what is recorded. */
export async function run(words: readonly string[]): Promise<number> {
  const { values, positionals } = readWords(Number.POSITIVE_INFINITY, words, options)
  const [action = 'show', ...rest] = positionals
  const dir = values.data ?? defaultDataFolder()
  if (rest.length > 0) throw usageFault()
  if (action === 'show') return show(dir, values.qr, values.json)
  if (action === 'auditor' && values.out !== undefined) return makeAuditorKey(values.out, values.json)
  const { by, collector, fingerprint, reason } = values
  if (by === undefined) throw usageFault()
  if (action === 'enrolled' && collector !== undefined && fingerprint !== undefined) {
    await recorded(dir, by, (data, staff, pin) =>
      recordEnrolment(data, staff, { fingerprint, collector, by, pin }),
    )
    return show(dir, undefined, values.json)
  }
  if (action === 'rotate' && (reason === 'planned' || reason === 'compromised')) {
    await recorded(dir, by, (data, staff, pin) => rotate(data, staff, { reason, by, pin, gm: values.gm }))
    return show(dir, undefined, values.json)
  }
  if (action === 'protect') {
    await recorded(dir, by, (_, staff, pin) => protect(dir, staff, { by, pin, off: values.off }))
    return show(dir, undefined, values.json)
  }
  throw usageFault()
}

async function recorded(
  dir: string,
  by: string,
  work: (data: StationData, staff: Staff, pin: string) => void,
): Promise<void> {
  const data = openStation(dir, { clock: systemClock() })
  try {
    work(data, new Staff(data), await secret('SHIDAO_PIN', `PIN of ${by}: `))
  } finally {
    data.close()
  }
}

function recordEnrolment(
  { key, ledger }: StationData,
  staff: Staff,
  said: { fingerprint: string; collector: string; by: string; pin: string },
): void {
  const { fingerprint, collector } = said
  unwrap(parseVkey(collector))
  if (fingerprint !== keyFingerprint(key.vkey)) {
    throw new Fault(
      'STATION_FINGERPRINT',
      'the collector shows another fingerprint than this station: do not confirm it',
    )
  }
  const statement = { act: 'station.enrolled', collector, fingerprint }
  const act = unwrap(staff.sign(statement, [{ actor: said.by, pin: said.pin }], 'supervisor'))
  ledger.append({ type: 'station.enrolled', data: { collector, fingerprint, act } })
}

function rotate(
  { dir, ledger }: StationData,
  staff: Staff,
  { reason, by, pin, gm }: { reason: 'planned' | 'compromised'; by: string; pin: string; gm: boolean },
): void {
  const change = gm ? rekeyGm : rekey
  change(dir, ledger, {
    reason,
    sign: (vkey) =>
      unwrap(staff.sign({ act: 'key.rotate', vkey, reason }, [{ actor: by, pin }], 'supervisor')),
  })
}

/** Signed by a supervisor and recorded nowhere: it changes nothing that a ledger says. `doctor` shows it. */
function protect(
  dir: string,
  staff: Staff,
  { by, pin, off }: { readonly by: string; readonly pin: string; readonly off: boolean },
): void {
  unwrap(staff.sign({ act: 'key.protect', off }, [{ actor: by, pin }], 'supervisor'))
  if (off) unprotectStationKey(dir)
  else protectStationKey(dir, presentVault())
  if (!off) process.stderr.write(`${AFTER_PROTECTION}\n`)
}

const AFTER_PROTECTION =
  'the old file may still be in free blocks of the disk and in copies: "shidao key rotate" makes the signing key a new one'

function show(dir: string, qr: string | undefined, json: boolean): number {
  const { vkey, origin, keys } = loadStationKey(dir)
  const { says, vault, secondTree } = keyProtection(dir)
  const fingerprint = keyFingerprint(vkey)
  if (qr !== undefined) writeFileSync(qr, encodeQR(vkey, 'svg', { ecc: 'medium', border: 4 }))
  const before = keys.keys.slice(0, -1).map((key) => key.vkey)
  const answer = { origin, vkey, fingerprint, before, protection: says, vault, secondTree, file: qr ?? null }
  printAnswer(json, answer, [
    `vkey         ${vkey}`,
    `fingerprint  ${fingerprint}`,
    ...before.map((old) => `before       ${old}`),
    `protection   ${says}`,
    ...(secondTree === null ? [] : [`second tree  ${secondTree}`]),
    ...(json ? [] : [encodeQR(vkey, 'term', { ecc: 'medium', border: 2 })]),
  ])
  return EXIT.yes
}

function usageFault(): Fault {
  return new Fault(
    'USAGE_KEY',
    'key takes show, enrolled --fingerprint F --collector VKEY --by ACTOR, rotate --by ACTOR [--gm] [--reason planned|compromised], protect --by ACTOR [--off], or auditor --out FILE',
  )
}
