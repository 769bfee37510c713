import { describe, expect, it } from 'vitest'
import readers from '../../native-config/readers.json' with { type: 'json' }
import { DEFAULT_PROFILE, findProfile, readerProfiles } from '../../src/cards/profiles.ts'

describe('reader profiles', () => {
  it('are valid, named once, and say where each value comes from', () => {
    const { readers: profiles } = readerProfiles.parse(readers)
    expect(new Set(profiles.map(({ name }) => name)).size).toBe(profiles.length)
    for (const { baudRate, otherBaudRates } of profiles)
      expect(otherBaudRates.value).not.toContain(baudRate.value)
  })

  it('include the default', () => {
    const profile = findProfile(DEFAULT_PROFILE)
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
})
