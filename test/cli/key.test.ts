import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemdVault } from '../../src/ledger/key-vault-systemd.ts'
import { verifyLog } from '../../src/ledger/verify.ts'
import { systemClock } from '../../src/station/clock.ts'
import { openStation } from '../../src/station/data-folder.ts'
import { writeSettings } from '../../src/station/settings.ts'
import { DoorRig } from '../station/door-rig.ts'
import { describeIf } from '../support/requires.ts'

const shidao = join(import.meta.dirname, '../../src/cli/shidao.js')

function noVault(): string | null {
  const obstacle = systemdVault.obstacle()
  if (obstacle !== null) return obstacle
  try {
    systemdVault.wrap(Uint8Array.of(1))
    return null
  } catch (thrown) {
    return (thrown as Error).message
  }
}

describeIf(noVault(), '"shidao key protect", with the real systemd-creds', () => {
  let rig: DoorRig
  beforeEach(() => {
    rig = new DoorRig()
    rig.data.close()
  })
  afterEach(() => rig.stop())
  const key = (words: readonly string[], pin = rig.supervisor.pin) =>
    spawnSync(process.execPath, [shidao, 'key', ...words, '--data', rig.dir, '--json'], {
      env: { ...process.env, SHIDAO_PIN: pin },
      encoding: 'utf8',
    })
  const version = () => JSON.parse(readFileSync(join(rig.dir, 'station.key'), 'utf8')).v

  test('needs a supervisor’s PIN, wraps the key, changes it wrapped, and takes it out again', () => {
    const by = ['--by', rig.supervisor.actor]
    expect(key(['protect', ...by], '000000').stderr).toContain('LEDGER_PIN')
    expect(version()).toBe(1)
    const wrapped = key(['protect', ...by])
    expect(JSON.parse(wrapped.stdout)).toMatchObject({ vault: 'systemd-creds', vkey: rig.data.key.vkey })
    expect(JSON.parse(wrapped.stdout).protection).toContain('does not keep out root')
    expect(wrapped.stderr).toContain('key rotate')
    expect(key(['protect', ...by]).stderr).toContain('LEDGER_KEY_PROTECTED')
    expect(key(['rotate', ...by]).status).toBe(0)
    expect(version()).toBe(2)
    expect(JSON.parse(key(['protect', '--off', ...by]).stdout)).toMatchObject({ vault: null })
    expect(version()).toBe(1)
    expect(verifyLog(rig.dir, { key: rig.data.key.vkey })).toMatchObject({ ok: true, trust: 'key' })
  }, 120_000)
})

test('"shidao key rotate --gm" changes the second tree’s key, signed by a supervisor, and says how it is kept', () => {
  const rig = new DoorRig()
  rig.data.close()
  writeSettings(rig.dir, { suite: 'gm' })
  const words = ['key', 'rotate', '--gm', '--by', rig.supervisor.actor, '--data', rig.dir, '--json']
  const env = { ...process.env, SHIDAO_PIN: rig.supervisor.pin }
  const { status, stdout } = spawnSync(process.execPath, [shidao, ...words], { env, encoding: 'utf8' })
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ vkey: rig.data.key.vkey })
  expect(JSON.parse(stdout).secondTree).toContain('in the clear')
  const data = openStation(rig.dir, { clock: systemClock() })
  const named = [...data.ledger.chosen({ of: ['station.suite'] })].map(({ event }) => event.data)
  const { vkey } = data.ledger.gmKey!
  data.close()
  expect(named).toMatchObject([{ suite: 'gm' }, { suite: 'gm', vkey, rotation: { reason: 'planned' } }])
  expect(verifyLog(rig.dir, { key: rig.data.key.vkey })).toMatchObject({ ok: true, suite: 'gm' })
  rig.stop()
}, 60_000)
