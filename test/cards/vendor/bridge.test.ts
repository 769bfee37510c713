import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import {
  openVendorBridge,
  type VendorBridge,
  type VendorBridgeOptions,
} from '../../../src/cards/vendor/bridge.ts'
import { knownPrototypes } from '../../../src/cards/vendor/prototypes.ts'
import { unwrap } from '../../../src/common/result.ts'
import { describeIf } from '../../support/requires.ts'
import { brokenPrototypes } from './broken-prototypes.ts'
import { compileLibrary, compilerAbsence } from './compiled-library.ts'

describeIf(compilerAbsence(), 'vendor bridge', () => {
  let compiled: ReturnType<typeof compileLibrary>
  let bridge: VendorBridge | null = null
  beforeAll(() => {
    compiled = compileLibrary('broken')
  })
  afterAll(() => compiled.remove())
  afterEach(() => bridge?.close())

  function open(options: Partial<VendorBridgeOptions> = {}): VendorBridge {
    bridge = openVendorBridge({ library: compiled.file, prototypes: brokenPrototypes, ...options })
    return bridge
  }

  async function callFine(opened: VendorBridge): Promise<number> {
    return unwrap(await opened.call('fine', { value: 41 })).result
  }

  async function faultOf(opened: VendorBridge, name: string, values = {}, timeoutMs = 5_000) {
    const called = await opened.call(name, values, { timeoutMs })
    return called.ok ? null : called.fault
  }

  it('calls a function in another process', async () => {
    const opened = open()
    expect(opened.pid).toBeNull()
    expect(await callFine(opened)).toBe(42)
    expect(opened.pid).not.toBe(process.pid)
  })

  it.each([
    ['crash', 'CARD_VENDOR_CRASHED'],
    ['leave', 'CARD_VENDOR_CRASHED'],
  ])('survives a library that ends its process (%s) and calls it again', async (name, code) => {
    const opened = open()
    await callFine(opened)
    const before = opened.pid
    const fault = await faultOf(opened, name)
    expect(fault?.code).toBe(code)
    expect(fault?.message).toContain('libbroken.so')
    expect(await callFine(opened)).toBe(42)
    expect(opened.pid).not.toBe(before)
  })

  it('ends a call that hangs and answers the one that waited behind it', async () => {
    const opened = open()
    await callFine(opened)
    const hung = faultOf(opened, 'hang', {}, 200)
    const behind = callFine(opened)
    expect((await hung)?.code).toBe('CARD_VENDOR_TIMEOUT')
    expect(await behind).toBe(42)
  })

  it('leaves a library alone that is lost again and again, and comes back later', async () => {
    let now = 0
    const opened = open({ now: () => now })
    await faultOf(opened, 'crash')
    await faultOf(opened, 'crash')
    expect((await faultOf(opened, 'fine', { value: 1 }))?.code).toBe('CARD_VENDOR_CRASHED')
    expect(opened.pid).toBeNull()
    now += 500
    expect(await callFine(opened)).toBe(42)
  })

  it('finds out a write past the end of the memory and trusts that process no more', async () => {
    const opened = open()
    expect(unwrap(await opened.call('overrun', { bytes: 16 })).outputs.room).toHaveLength(16)
    const before = opened.pid
    expect((await faultOf(opened, 'overrun', { bytes: 17 }))?.code).toBe('CARD_VENDOR_OVERRUN')
    expect(await callFine(opened)).toBe(42)
    expect(opened.pid).not.toBe(before)
  })

  it('never gives more bytes than there was room for, whatever length the library reports', async () => {
    const { outputs, lengths } = unwrap(await open().call('exaggerate'))
    expect(outputs.room).toHaveLength(16)
    expect(lengths.room).toBe(4_000_000_000)
  })

  it('gives the library a folder that is emptied after each call and removed at the end', async () => {
    const opened = open()
    const first = unwrap(await opened.call('litter'))
    const folder = Buffer.from(first.outputs.folder!).toString('utf8').replaceAll('\0', '')
    expect(folder).toContain('shidao-vendor-')
    expect(folder).not.toBe(process.cwd())
    expect(existsSync(join(folder, 'zp.bmp'))).toBe(false)
    expect(unwrap(await opened.call('litter')).result).toBe(0)
    await opened.close()
    expect(existsSync(folder)).toBe(false)
  })

  it('removes the folder of a process that crashed', async () => {
    const opened = open()
    const { outputs } = unwrap(await opened.call('litter'))
    await faultOf(opened, 'crash')
    expect(existsSync(Buffer.from(outputs.folder!).toString('utf8').replaceAll('\0', ''))).toBe(false)
  })

  it('shows the library nothing of the station’s environment', async () => {
    process.env.SHIDAO_TEST_SECRET = 'a signing key'
    expect(unwrap(await open().call('peek')).result).toBe(0)
    delete process.env.SHIDAO_TEST_SECRET
  })

  it('says in one coded line that the file is missing', async () => {
    const fault = await faultOf(open({ library: '/nowhere/sdtapi.dll' }), 'fine', { value: 1 })
    expect(fault?.code).toBe('CARD_VENDOR_MISSING')
    expect(fault?.message).toBe('the vendor library sdtapi.dll is not there')
  })

  it('says in one coded line that a file is no library for this system', async () => {
    const file = join(compiled.folder, 'wrong.dll')
    writeFileSync(file, 'MZ')
    const fault = await faultOf(open({ library: file }), 'fine', { value: 1 })
    expect(fault?.code).toBe('CARD_VENDOR_MISSING')
    expect(fault?.message).not.toContain('\n')
  })

  it('names every function that a library lacks, before any is called', async () => {
    const checked = await open({ prototypes: knownPrototypes('termb') }).check()
    expect(checked.ok ? null : checked.fault.code).toBe('CARD_VENDOR_SYMBOL')
    expect(checked.ok ? null : checked.fault.message).toContain(
      'CVR_InitComm, CVR_Authenticate, CVR_ReadBaseMsg, CVR_CloseComm',
    )
  })

  it('refuses a function or a value that the prototypes do not have, and goes on', async () => {
    const opened = open()
    expect((await faultOf(opened, 'formatDisk'))?.code).toBe('CARD_VENDOR_SYMBOL')
    expect((await faultOf(opened, 'fine'))?.code).toBe('CARD_VENDOR_VALUE')
    expect(await callFine(opened)).toBe(42)
  })

  it('says that the configured Node can’t be started', async () => {
    const fault = await faultOf(open({ execPath: '/nowhere/node32' }), 'fine', { value: 1 })
    expect(fault?.code).toBe('CARD_VENDOR_HELPER')
  })

  it('answers nothing after it was closed', async () => {
    const opened = open()
    await opened.close()
    expect((await faultOf(opened, 'fine', { value: 1 }))?.code).toBe('CARD_VENDOR_CLOSED')
  })
})
