import { describe, expect, it } from 'vitest'
import * as command from '../../src/cards/codec/command.ts'
import { decodeAnswer, decodeRequest, encodeAnswer, encodeRequest } from '../../src/cards/codec/frame.ts'
import { FrameParser } from '../../src/cards/codec/frame-parser.ts'
import { joinReadAnswer, splitReadAnswer } from '../../src/cards/codec/read-answer.ts'
import { bytes, textOf } from './simulated-people.ts'

// Frames as published: find, select, read and fingerprint in qiwenming/IDCardDemo:README.md, max RF in
// hevz/hev-idcard-reader; new address and speed follow from the command tables by the same rule.
const requests: [name: string, cmd: number, parameter: number, data: number[], frame: string][] = [
  ['reset', 0x10, 0xff, [], 'AA AA AA 96 69 00 03 10 FF EC'],
  ['status', 0x11, 0xff, [], 'AA AA AA 96 69 00 03 11 FF ED'],
  ['SAM number', 0x12, 0xff, [], 'AA AA AA 96 69 00 03 12 FF EE'],
  ['find', 0x20, 0x01, [], 'AA AA AA 96 69 00 03 20 01 22'],
  ['select', 0x20, 0x02, [], 'AA AA AA 96 69 00 03 20 02 21'],
  ['read text and photo', 0x30, 0x01, [], 'AA AA AA 96 69 00 03 30 01 32'],
  ['read with fingerprint', 0x30, 0x10, [], 'AA AA AA 96 69 00 03 30 10 23'],
  ['max RF bytes 80', 0x61, 0xff, [0x50], 'AA AA AA 96 69 00 04 61 FF 50 CA'],
  ['additional address', 0x30, 0x03, [], 'AA AA AA 96 69 00 03 30 03 30'],
  ['speed 9600', 0x60, 0x04, [], 'AA AA AA 96 69 00 03 60 04 67'],
]

const answers: [name: string, status: number, data: number, frame: string][] = [
  ['find ok', 0x9f, 4, 'AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97'],
  ['find failed', 0x80, 0, 'AA AA AA 96 69 00 04 00 00 80 84'],
  ['select ok', 0x90, 8, 'AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C'],
  ['select failed', 0x81, 0, 'AA AA AA 96 69 00 04 00 00 81 85'],
  ['read failed', 0x41, 0, 'AA AA AA 96 69 00 04 00 00 41 45'],
  ['card not authenticated', 0x32, 0, 'AA AA AA 96 69 00 04 00 00 32 36'],
  ['status ok', 0x90, 0, 'AA AA AA 96 69 00 04 00 00 90 94'],
  ['no additional address', 0x91, 0, 'AA AA AA 96 69 00 04 00 00 91 95'],
  ['self-test failed', 0x60, 0, 'AA AA AA 96 69 00 04 00 00 60 64'],
  ['not authorised', 0x66, 0, 'AA AA AA 96 69 00 04 00 00 66 62'],
]

describe('frame', () => {
  it.each(requests)(
    'encodes and takes back the request "%s" as published',
    (_, cmd, parameter, data, hex) => {
      const frame = bytes(hex)
      expect(encodeRequest(cmd, parameter, Uint8Array.from(data))).toEqual(frame)
      const [parsed] = new FrameParser('request').push(frame)
      expect(parsed?.kind === 'frame' && decodeRequest(parsed.body)).toEqual({
        command: cmd,
        parameter,
        data: Uint8Array.from(data),
      })
    },
  )

  it.each(answers)('encodes and takes back the answer "%s" as published', (_, status, size, hex) => {
    const frame = bytes(hex)
    expect(encodeAnswer(status, new Uint8Array(size))).toEqual(frame)
    const [parsed] = new FrameParser('answer').push(frame)
    expect(parsed?.kind === 'frame' && decodeAnswer(parsed.body)).toEqual({
      status,
      data: new Uint8Array(size),
    })
  })

  it.each([
    ['reset', command.RESET],
    ['status', command.STATUS],
    ['SAM number', command.SAM_NUMBER],
    ['find', command.FIND],
    ['select', command.SELECT],
    ['read text and photo', command.READ],
    ['read with fingerprint', command.READ_WITH_FINGERPRINTS],
    ['max RF bytes 80', command.maxRfBytes(0x50)],
    ['additional address', command.ADDITIONAL_ADDRESS],
    ['additional address', command.PROBE],
    ['speed 9600', command.setSpeed(9_600)],
  ])('sends the published frame "%s"', (name, sent) => {
    expect(sent?.frame).toEqual(bytes(requests.find(([known]) => known === name)?.[4] ?? ''))
  })

  it('numbers the speeds from 115200 down and knows no others', () => {
    const speeds = [115_200, 57_600, 38_400, 19_200, 9_600]
    expect(speeds.map((speed) => command.setSpeed(speed)?.frame[8])).toEqual([0, 1, 2, 3, 4])
    expect(command.setSpeed(4_800)).toBeNull()
  })

  // Frames of THID_CVR_IDCard.c; 0x100 minus the sum of length, command and parameter.
  it.each([
    ['AA AA AA 96 69 00 03 00 01 FC', command.dialects['cvr-100au'].status],
    ['AA AA AA 96 69 00 03 00 81 7C', command.dialects['cvr-100au'].find],
    ['AA AA AA 96 69 00 03 00 82 7B', command.dialects['cvr-100au'].select],
    ['AA AA AA 96 69 00 03 00 83 7A', command.dialects['cvr-100au'].read],
  ])('sends the CVR-100AU %s', (hex, { frame }) => {
    expect(frame).toEqual(bytes(hex))
    expect(new FrameParser('request', ['negative-sum']).push(frame)).toMatchObject([{ kind: 'frame' }])
    expect(new FrameParser('request').push(frame)).toMatchObject([{ kind: 'damaged' }])
  })

  it('builds a read answer of 1295 bytes with the published head', () => {
    const payload = joinReadAnswer({ text: textOf(), photo: new Uint8Array(1024) })
    const frame = encodeAnswer(0x90, payload)
    expect(frame.length).toBe(1295)
    expect(frame.subarray(0, 14)).toEqual(bytes('AA AA AA 96 69 05 08 00 00 90 01 00 04 00'))
  })

  it('parses the largest published frame, text, photo and fingerprints in 2321 bytes', () => {
    const payload = new Uint8Array(2310)
    payload.set(bytes('01 00 04 00 04 00'))
    const frame = encodeAnswer(0x90, payload)
    expect(frame.length).toBe(2321)
    expect(frame.subarray(0, 16)).toEqual(bytes('AA AA AA 96 69 09 0A 00 00 90 01 00 04 00 04 00'))
    expect(new FrameParser('answer').push(frame)).toHaveLength(1)
  })

  it.each([0, 512, 1024])(
    'gives text and photo of an answer with %i bytes of fingerprints, and nothing else',
    (size) => {
      const text = textOf()
      const photo = new Uint8Array(1024).fill(7)
      const payload = joinReadAnswer({ text, photo }, new Uint8Array(size).fill(0xf1))
      expect(payload).toHaveLength(6 + 256 + 1024 + size)
      const split = splitReadAnswer(payload)
      expect(split).toEqual({ ok: true, value: { text, photo } })
      const kept = split.ok ? [split.value.text.buffer, split.value.photo.buffer] : []
      for (const buffer of kept) expect(new Uint8Array(buffer)).not.toContain(0xf1)
    },
  )

  it('refuses a read answer whose length fields do not add up', () => {
    const payload = joinReadAnswer({ text: textOf(), photo: new Uint8Array(1024) })
    expect(splitReadAnswer(payload).ok).toBe(true)
    for (const [at, value] of [
      [0, 2],
      [1, 1],
      [2, 3],
      [3, 1],
    ] as const) {
      const wrong = Uint8Array.from(payload)
      wrong[at] = value
      const result = splitReadAnswer(wrong)
      expect(result.ok ? null : result.fault.code).toBe('CARD_LAYOUT')
    }
    for (const size of [0, 3, 4, payload.length - 1])
      expect(splitReadAnswer(payload.subarray(0, size)).ok).toBe(false)
  })
})
