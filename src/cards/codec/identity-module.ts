import { Fault } from '../../common/fault.ts'
import { failed, ok, type Result } from '../../common/result.ts'
import { type CardBlocks, PHOTO_BYTES, TEXT_BYTES } from './read-answer.ts'

/*
 * Readers that show their ID-card module (SAM) as a PC/SC card: pseudo-APDUs of class FF give what the module read.
 * One public source, tried on no device: github.com Johann356/readinfo:PCSCGetData.cpp.
 */

/** Such a reader's ATR has 90 00 as its bytes 13 and 14. */
export function isIdentityModule(atr: Uint8Array): boolean {
  return atr.length >= 15 && atr[13] === 0x90 && atr[14] === 0x00
}

/** `FF B0 P1 00 00`: block 0 is the text record, blocks 1 … 5 are the photo. */
export function moduleRequest(block: number): Uint8Array {
  return Uint8Array.of(0xff, 0xb0, block, 0x00, 0x00)
}

export const MODULE_BLOCKS = 6

/**
 * The answers to blocks 0 … 5, without their status → text record and photo. Text and photo begin with four bytes of
 * head. A short response ends four bytes before the text record does, inside the only field that may stand there: the
 * link to a foreigner's former number. A third of it says nothing, so that it is left blank.
 * `CARD_LAYOUT` when an answer is shorter than its block.
 */
export function joinModuleBlocks(answers: readonly Uint8Array[]): Result<CardBlocks> {
  const [textAnswer = new Uint8Array(), ...photoAnswers] = answers
  const photo = concatenated(photoAnswers).subarray(HEAD_BYTES, HEAD_BYTES + PHOTO_BYTES)
  const text = textAnswer.subarray(HEAD_BYTES, HEAD_BYTES + TEXT_BYTES)
  if (text.length < SHORT_TEXT_BYTES || photo.length < PHOTO_BYTES) {
    const found = `${text.length} bytes of text and ${photo.length} of photo`
    return failed(new Fault('CARD_LAYOUT', `the reader’s module gave ${found}`))
  }
  return ok({ text: text.length === TEXT_BYTES ? text.slice() : withBlankEnd(text), photo: photo.slice() })
}

function withBlankEnd(text: Uint8Array): Uint8Array {
  const whole = new Uint8Array(TEXT_BYTES)
  for (let i = LINK_AT; i < TEXT_BYTES; i += 2) whole[i] = 0x20
  whole.set(text.subarray(0, LINK_AT))
  return whole
}

const HEAD_BYTES = 4
const SHORT_TEXT_BYTES = 256 - HEAD_BYTES
/** Card of 2023: six bytes of link, the last of the record. */
const LINK_AT = 250

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
