import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import readers from '../../native-config/readers.json' with { type: 'json' }
import {
  DEFAULT_PROFILE,
  findProfile,
  findSerialProfile,
  listProfiles,
  profileOfDevice,
  readerProfiles,
} from '../../src/cards/profiles.ts'

describe('reader profiles', () => {
  it('are valid, named once, and try each speed once', () => {
    const profiles = listProfiles()
    expect(new Set(profiles.map(({ name }) => name)).size).toBe(profiles.length)
    for (const profile of profiles) {
      if (profile.family !== 'sam-serial') continue
      expect(profile.otherBaudRates.value).not.toContain(profile.baudRate.value)
    }
  })

  it('include the default', () => {
    const profile = findSerialProfile(DEFAULT_PROFILE)
    expect(profile.ok && profile.value.baudRate.value).toBe(115_200)
  })

  it('are refused without a source', () => {
    const [first] = readers.readers
    const unsourced = { readers: [{ ...first, baudRate: { value: 9_600 } }] }
    expect(readerProfiles.safeParse(unsourced).success).toBe(false)
  })

  it('are listed when a name is wrong', () => {
    const profile = findProfile('none-such')
    expect(profile.ok ? null : profile.fault).toMatchObject({ code: 'USAGE_PROFILE' })
    expect(profile.ok ? '' : profile.fault.message).toContain('sam-serial')
  })

  it('of another family are refused for a serial port', () => {
    expect(findSerialProfile('usb-sam')).toMatchObject({ ok: false, fault: { code: 'USAGE_PROFILE' } })
  })

  it('claim a device by its USB ids, and leave an unknown one alone', () => {
    expect(profileOfDevice(0x0400, 0xc35a)?.name).toBe('usb-sam')
    expect(profileOfDevice(0x072f, 0x90d5)?.name).toBe('hid-huada')
    expect(profileOfDevice(0x1234, 0x5678)).toBeNull()
  })

  it('take a reader of a known family by one more entry', () => {
    const another = {
      name: 'another-usb',
      title: 'Another USB reader',
      family: 'usb-bulk',
      usb: [{ value: '1234:abcd', source: 'its label' }],
      pollMs: { value: 300, source: 'our choice' },
    }
    const parsed = readerProfiles.parse({ readers: [...readers.readers, another] })
    expect(parsed.readers.at(-1)).toEqual(another)
  })

  it('have a udev rule for each of their USB ids', () => {
    const rules = readFileSync('native-config/udev/70-shidao-readers.rules', 'utf8')
    for (const profile of listProfiles()) {
      for (const { value } of 'usb' in profile ? profile.usb : []) {
        const [vendor, product] = value.split(':')
        expect(rules).toContain(`ATTRS{idVendor}=="${vendor}", ATTRS{idProduct}=="${product}"`)
      }
    }
  })
})
