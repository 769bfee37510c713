import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { HealthCheck } from '../../src/station/health.ts'
import { compilerAbsence } from '../cards/vendor/compiled-library.ts'
import { describeIf } from '../support/requires.ts'

const folder = mkdtempSync(join(tmpdir(), 'shidao-absent-'))
const loader = join(folder, 'hidden-libraries.so')
afterAll(() => rmSync(folder, { recursive: true }))

const absence =
  process.platform === 'linux' ? compilerAbsence() : 'libraries are hidden by the loader of Linux'

/** The real doctor, on this machine without the libraries, programs and services that are named. */
function doctor(environment: Record<string, string>): ReadonlyMap<string, HealthCheck> {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['src/cli/shidao.js', 'doctor', '--json', '--data', join(folder, 'none')],
    { encoding: 'utf8', env: { ...process.env, ...environment } },
  )
  expect(stderr).toBe('')
  const { checks } = JSON.parse(stdout) as { checks: HealthCheck[] }
  return new Map(checks.map((check) => [check.name, check]))
}

describeIf(absence, 'doctor on a machine that lacks a part', () => {
  beforeAll(() => {
    const source = join(import.meta.dirname, 'hidden-libraries.c')
    execFileSync('cc', ['-shared', '-fPIC', '-Wall', '-Wextra', '-o', loader, source])
  })

  const without = (libraries: string) => ({ LD_AUDIT: loader, HIDDEN_LIBRARIES: libraries })

  it.each(['libusb-1.0.so.0', 'libudev.so.1'])(
    'says that %s is missing for HID readers, and goes on',
    (library) => {
      const checks = doctor(without(library))
      expect(checks.get('hid')).toEqual({
        name: 'hid',
        works: null,
        detail: expect.stringMatching(
          new RegExp(
            `^PORT_HID_UNAVAILABLE .*${library.replaceAll('.', '\\.')}: cannot open shared object file`,
          ),
        ),
        advice: 'install libusb-1.0-0 and libudev1; serial readers work without them',
      })
      expect(checks.get('models')?.works).toBe(true)
    },
  )

  it('says that the PC/SC library is missing, and goes on', () => {
    const checks = doctor(without('libpcsclite.so.1'))
    expect(checks.get('pcsc')).toEqual({
      name: 'pcsc',
      works: null,
      detail: 'PORT_PCSC_UNAVAILABLE this system has no libpcsclite.so.1',
      advice: 'install and start pcscd; ID card readers work without it',
    })
    expect(checks.get('models')?.works).toBe(true)
  })

  it('says that pcscd does not run', () => {
    const checks = doctor({ PCSCLITE_CSOCK_NAME: join(folder, 'no-pcscd') })
    expect(checks.get('pcsc')).toMatchObject({
      works: null,
      detail: 'PORT_PCSC_NO_SERVICE the PC/SC service (pcscd) is not running',
      advice: 'install and start pcscd; ID card readers work without it',
    })
  })

  it('says that udev is missing to list serial ports, and goes on', () => {
    const checks = doctor({ PATH: folder })
    expect(checks.get('serial')).toEqual({
      name: 'serial',
      works: null,
      detail: 'PORT_SERIAL_UNAVAILABLE serial ports cannot be listed on this machine: there is no udevadm',
      advice: 'install udev (udevadm), or give the port by --port',
    })
    expect(checks.get('models')?.works).toBe(true)
  })
})
