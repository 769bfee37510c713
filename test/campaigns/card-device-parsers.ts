import { encodeAnswer } from '../../src/cards/codec/frame.ts'
import { FrameParser } from '../../src/cards/codec/frame-parser.ts'
import { DkParser, encodeDkAnswer } from '../../src/cards/codec/hid/dk.ts'
import { GenericReassembler } from '../../src/cards/codec/hid/generic.ts'
import { encodeGwiReports, GwiParser } from '../../src/cards/codec/hid/gwi.ts'
import {
  decodeHuadaAnswer,
  encodeHuadaAnswer,
  HUADA_REPORT_BYTES,
  huadaAnswerReports,
} from '../../src/cards/codec/hid/huada.ts'
import { MAX_CODE_BYTES, ScanAssembler } from '../../src/cards/codec/scan-text.ts'
import { decodeHolderData, decodeIssuerData } from '../../src/cards/codec/social-security.ts'
import { findBerValue, parseSimpleTlv } from '../../src/cards/codec/tlv.ts'
import { unwrap } from '../../src/common/result.ts'
import type { ParserUnderFire } from './card-parsers.ts'

/*
 * Parsers of what is no serial SAM: HID framings, the social security card, scanners.
 */

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

// EF05 and the select answer of a test card, as logged in github.com a7082633/HDOS_VC6:apdu.txt.
const issuerFile = bytesOf(
  '01 10 43 02 99 D1 56 00 00 05 00 00 00 13 3A 05 F2 E3 02 01 33 03 04 32 2E 30 00 04 0C 91 56 00 00 02 43 02 00' +
    '43 01 00 D5 05 04 32 30 31 32 06 04 32 30 32 32 07 09 42 30 30 30 30 30 31 33 31',
)
const selectAnswer = bytesOf('6F 16 84 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF A5 03 88 01 1E')
// An invented name on the sample number of GB 11643.
const holderFile = Uint8Array.of(
  ...[0x08, 18, ...Buffer.from('11010519491231002X')],
  ...[0x09, 6, ...bytesOf('C4 A3 C4 E2 BC D7')],
)
const reader = encodeAnswer(0x9f, new Uint8Array(4))

export const deviceParsers: readonly ParserUnderFire[] = [
  {
    name: 'HID framing, DK',
    parse: (bytes) => {
      const parser = new DkParser('answer')
      return reportsOf(bytes, 64).filter((report) => parser.push(report) !== null).length > 0
    },
    samples: [Buffer.concat(encodeDkAnswer(0x34, true, new Uint8Array(1_295)))],
  },
  {
    name: 'HID framing, HuaDa',
    parse: (bytes) => {
      const reports = reportsOf(bytes, HUADA_REPORT_BYTES)
      const count = reports[0] === undefined ? null : huadaAnswerReports(reports[0], 'usual')
      if (count === null) return false
      const answer = decodeHuadaAnswer(reports.slice(0, count), 'usual')
      if (answer !== null) expectThat(answer.data.length <= count * HUADA_REPORT_BYTES, 'bytes from nowhere')
      return answer !== null
    },
    samples: [
      Buffer.concat(encodeHuadaAnswer({ status: 0, data: issuerFile }, 'usual')),
      Buffer.concat(encodeHuadaAnswer({ status: 0, data: bytesOf('90 00') }, 'usual')),
    ],
  },
  {
    name: 'HID framing, GWI',
    parse: (bytes) => {
      const parser = new GwiParser()
      return reportsOf(bytes, 64).some((report) => parser.push(report).some(({ kind }) => kind === 'frame'))
    },
    samples: [Buffer.concat(encodeGwiReports(Uint8Array.of(0, 0, ...issuerFile, 0x90, 0)))],
  },
  {
    name: 'HID reassembler and frame parser',
    parse: (bytes) => {
      const reassembler = new GenericReassembler()
      const parser = new FrameParser('answer')
      const found = reportsOf(bytes, 64).flatMap((report) => parser.push(reassembler.push(report)))
      return found.some(({ kind }) => kind === 'frame')
    },
    samples: [Buffer.concat([reader, new Uint8Array(64 - reader.length)])],
  },
  {
    name: 'simple TLV',
    parse: (bytes) => {
      const records = parseSimpleTlv(bytes)
      const held = records.ok ? [...records.value.values()].reduce((sum, value) => sum + value.length, 0) : 0
      expectThat(held <= bytes.length, 'bytes from nowhere')
      return records.ok
    },
    samples: [issuerFile, holderFile],
  },
  {
    name: 'BER-TLV',
    parse: (bytes) => findBerValue(bytes, [0x6f, 0x84]) !== null,
    samples: [selectAnswer],
  },
  {
    name: 'social security card',
    parse: (bytes) => {
      const issuer = decodeIssuerData(unwrap(parseSimpleTlv(issuerFile)))
      const holder = parseSimpleTlv(bytes)
      if (!issuer.ok || !holder.ok) return false
      const record = decodeHolderData(holder.value, issuer.value)
      if (record.ok) expectThat(/^\d{17}[\dX]$/.test(record.value.number), 'number')
      return record.ok || decodeIssuerData(holder.value).ok
    },
    samples: [holderFile, issuerFile],
  },
  {
    name: 'scanner',
    parse: (bytes) => {
      const found = new ScanAssembler().push(bytes, 0)
      for (const finding of found)
        if (finding.kind === 'code') expectThat(finding.text.length <= MAX_CODE_BYTES, 'length')
      return found.some(({ kind }) => kind === 'code')
    },
    samples: [new Uint8Array(Buffer.from('SHIDAO:模拟学员甲\r\n0123456789\r'))],
  },
]

function reportsOf(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => {
    const report = new Uint8Array(size)
    report.set(bytes.subarray(i * size, (i + 1) * size))
    return report
  })
}

function expectThat(holds: boolean, check: string): void {
  if (!holds) throw new Error(`accepted what breaks a check: ${check}`)
}
