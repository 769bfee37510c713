import koffi from 'koffi'
import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'

/*
 * The system's own PC/SC library, called without a compiler: pcsclite on Linux, WinSCard on Windows, the PCSC framework
 * on macOS. Prototypes and struct layouts: github.com LudovicRousseau/PCSC:src/PCSC/{winscard.h,pcsclite.h.in,wintypes.h},
 * and winscard.h of the Windows SDK. Every call runs on a worker thread.
 */

/** A context or card handle, as opaque as the library means it. */
export type PcscHandle = number | bigint

/** What a call returned: an SCARD code as an unsigned 32-bit number (0 is success), and the value if it succeeded. */
export interface PcscAnswer<T> {
  readonly code: number
  readonly value: T
}

/** What the resource manager says of one reader: SCARD_STATE flags and the ATR of the card in it. */
export interface PcscReaderState {
  readonly flags: number
  readonly atr: Uint8Array
}

export interface PcscCard {
  readonly handle: PcscHandle
  readonly protocol: number
}

export interface PcscLibrary {
  establishContext(): Promise<PcscAnswer<PcscHandle>>
  releaseContext(context: PcscHandle): Promise<void>
  listReaders(context: PcscHandle): Promise<PcscAnswer<readonly string[]>>
  /** Asks with "unaware" as what is known, so that the answer comes at once. */
  readerState(context: PcscHandle, reader: string): Promise<PcscAnswer<PcscReaderState>>
  /** Exclusive: no other program can select another application between two commands. T=0 or T=1. */
  connect(context: PcscHandle, reader: string): Promise<PcscAnswer<PcscCard>>
  transmit(card: PcscCard, apdu: Uint8Array): Promise<PcscAnswer<Uint8Array>>
  /** Takes the power from the card. */
  disconnect(card: PcscCard): Promise<void>
}

/** The library of this system, loaded once. `PORT_PCSC_UNAVAILABLE` where there is none. */
export function pcscLibrary(platform: string = process.platform): Result<PcscLibrary> {
  const library = loaded.get(platform) ?? load(platform)
  // A library that is missing may be installed while the station runs.
  if (library.ok) loaded.set(platform, library)
  return library
}

const loaded = new Map<string, Result<PcscLibrary>>()

/** How one system's headers write PC/SC. */
interface Dialect {
  readonly file: string
  readonly long: string
  readonly dword: string
  readonly handle: string
  /** Bytes kept for an ATR in SCARD_READERSTATE. */
  readonly atrBytes: number
  /** macOS packs its structs to one byte. */
  readonly packed: boolean
  /** Windows has a function for each text encoding: W takes UTF-16, the others take UTF-8 and have no suffix. */
  readonly wide: boolean
}

// `long` is 8 bytes on 64-bit Linux and 4 on Windows, and in both that is what LONG and DWORD are.
const dialects: Readonly<Record<string, Dialect>> = {
  linux: {
    file: 'libpcsclite.so.1',
    long: 'long',
    dword: 'ulong',
    handle: 'long',
    atrBytes: 33,
    packed: false,
    wide: false,
  },
  darwin: {
    file: '/System/Library/Frameworks/PCSC.framework/PCSC',
    long: 'int32',
    dword: 'uint32',
    handle: 'int32',
    atrBytes: 33,
    packed: true,
    wide: false,
  },
  win32: {
    file: 'winscard.dll',
    long: 'long',
    dword: 'ulong',
    handle: 'uintptr',
    atrBytes: 36,
    packed: false,
    wide: true,
  },
}

const SCARD_SCOPE_SYSTEM = 2
const SCARD_STATE_UNAWARE = 0
const SCARD_SHARE_EXCLUSIVE = 1
const SCARD_PROTOCOL_T0_OR_T1 = 3
const SCARD_UNPOWER_CARD = 2
/** More than the 16 readers of 128 bytes that pcsclite manages. */
const READER_NAMES = 8_192
/** A short response is 256 bytes and the status; a reader's ID-card module may add four bytes of head. */
const RESPONSE_BYTES = 262

function load(platform: string): Result<PcscLibrary> {
  const dialect = dialects[platform]
  if (dialect === undefined)
    return failed(new Fault('PORT_PCSC_UNAVAILABLE', `PC/SC is not known on ${platform}`))
  try {
    return ok(declare(dialect))
  } catch (cause) {
    return failed(new Fault('PORT_PCSC_UNAVAILABLE', `this system has no ${dialect.file}`, { cause }))
  }
}

function declare({ file, long, dword, handle, atrBytes, packed, wide }: Dialect): PcscLibrary {
  const library = koffi.load(file)
  const struct = packed ? koffi.pack : koffi.struct
  const text = wide ? 'str16' : 'str'
  const readerState = struct({
    szReader: text,
    pvUserData: 'void *',
    dwCurrentState: dword,
    dwEventState: dword,
    cbAtr: dword,
    rgbAtr: koffi.array('uint8', atrBytes, 'Typed'),
  })
  const ioRequest = struct({ dwProtocol: dword, cbPciLength: dword })
  const outDword = koffi.out(koffi.pointer(dword))
  const inOutDword = koffi.inout(koffi.pointer(dword))
  const outHandle = koffi.out(koffi.pointer(handle))
  // __stdcall matters on 32-bit Windows only; koffi ignores it elsewhere.
  const call = (name: string, ...types: Parameters<typeof library.func>[3]): Call => {
    const onWorker = library.func('__stdcall', name, long, types).async
    return (...values) =>
      new Promise((resolve, reject) =>
        onWorker(...values, (problem: Error | null, code: number) =>
          problem === null ? resolve(code >>> 0) : reject(problem),
        ),
      )
  }
  const named = (name: string) => (wide ? `${name}W` : name)

  const establishContext = call('SCardEstablishContext', dword, 'void *', 'void *', outHandle)
  const releaseContext = call('SCardReleaseContext', handle)
  const listReaders = call(named('SCardListReaders'), handle, 'void *', 'void *', inOutDword)
  const statusChange = call(
    named('SCardGetStatusChange'),
    handle,
    dword,
    koffi.inout(koffi.pointer(readerState)),
    dword,
  )
  const connect = call(named('SCardConnect'), handle, text, dword, dword, outHandle, outDword)
  const transmit = call(
    'SCardTransmit',
    handle,
    koffi.pointer(ioRequest),
    'void *',
    dword,
    'void *',
    'void *',
    inOutDword,
  )
  const disconnect = call('SCardDisconnect', handle, dword)

  return {
    async establishContext() {
      const context: [PcscHandle] = [0]
      return { code: await establishContext(SCARD_SCOPE_SYSTEM, null, null, context), value: context[0] }
    },
    async releaseContext(context) {
      await releaseContext(context)
    },
    async listReaders(context) {
      const names = Buffer.alloc(READER_NAMES * (wide ? 2 : 1))
      const length: [number] = [READER_NAMES]
      const code = await listReaders(context, null, names, length)
      const characters = code === 0 ? length[0] : 0
      const joined = wide
        ? names.toString('utf16le', 0, characters * 2)
        : names.toString('utf8', 0, characters)
      return { code, value: joined.split('\0').filter((name) => name !== '') }
    },
    async readerState(context, reader) {
      const state: RawReaderState = {
        szReader: reader,
        pvUserData: null,
        dwCurrentState: SCARD_STATE_UNAWARE,
        dwEventState: 0,
        cbAtr: 0,
        rgbAtr: new Uint8Array(atrBytes),
      }
      const code = await statusChange(context, 0, state, 1)
      return { code, value: { flags: state.dwEventState, atr: state.rgbAtr.slice(0, state.cbAtr) } }
    },
    async connect(context, reader) {
      const card: [PcscHandle] = [0]
      const protocol: [number] = [0]
      const code = await connect(
        context,
        reader,
        SCARD_SHARE_EXCLUSIVE,
        SCARD_PROTOCOL_T0_OR_T1,
        card,
        protocol,
      )
      return { code, value: { handle: card[0], protocol: protocol[0] } }
    },
    async transmit(card, apdu) {
      const response = Buffer.alloc(RESPONSE_BYTES)
      const length: [number] = [RESPONSE_BYTES]
      const request = { dwProtocol: card.protocol, cbPciLength: koffi.sizeof(ioRequest) }
      const code = await transmit(card.handle, request, apdu, apdu.length, null, response, length)
      return { code, value: new Uint8Array(response.subarray(0, code === 0 ? length[0] : 0)) }
    },
    async disconnect(card) {
      await disconnect(card.handle, SCARD_UNPOWER_CARD)
    },
  }
}

type Call = (...values: readonly unknown[]) => Promise<number>

interface RawReaderState {
  szReader: string
  pvUserData: null
  dwCurrentState: number
  dwEventState: number
  cbAtr: number
  rgbAtr: Uint8Array
}
