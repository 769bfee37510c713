import { describe, expect, it } from 'vitest'
import { knownLibraries, knownPrototypes, vendorPrototypes } from '../../../src/cards/vendor/prototypes.ts'

describe('vendor prototypes', () => {
  it.each(knownLibraries)('%s keeps to the schema under its own name', (name) => {
    expect(knownPrototypes(name).name).toBe(name)
  })

  it.each([
    ['a length of something that is no output', [{ name: 'length', type: 'lengthOf', of: 'text' }]],
    ['a file outside the working folder', [{ name: 'block', type: 'file', file: '../zp.bmp' }]],
    ['an output without room', [{ name: 'text', type: 'output', bytes: 0 }]],
    ['a pointer type that nobody guards', [{ name: 'text', type: 'char *' }]],
  ])('refuses %s', (_, list) => {
    const functions = { read: { arguments: list, source: 'a test' } }
    const parsed = vendorPrototypes.safeParse({ name: 'x', title: 'x', convention: 'cdecl', functions })
    expect(parsed.success).toBe(false)
  })

  it('refuses a function without a source', () => {
    const functions = { read: { arguments: [], source: '' } }
    const parsed = vendorPrototypes.safeParse({ name: 'x', title: 'x', convention: 'cdecl', functions })
    expect(parsed.success).toBe(false)
  })
})
