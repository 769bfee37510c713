import { expect, test } from 'vitest'
import {
  duplicateNotices,
  duplicateNoticeText,
  notices,
  noticesWithFrames,
  noticeText,
  noticeTextWithCardFacts,
  noticeTextWithFrames,
  noticeTextWithFramesAndCardFacts,
} from '../../src/common/notice.ts'
import type { QualityIssue } from '../../src/face/recogniser.ts'
import { adviceFor, hintFor } from '../../src/ui/advice.ts'
import { fill, languages } from '../../src/ui/i18n/languages.ts'
import type { Language } from '../../src/ui/i18n/texts.ts'

const all = Object.keys(languages) as Language[]
const sentencesOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Object.values(value ?? {}).flatMap(sentencesOf)

test('every language says every sentence in its own script', () => {
  const script: Record<Language, RegExp> = {
    'zh-CN': /\p{Script=Han}/u,
    bo: /\p{Script=Tibetan}/u,
    en: /[a-z]/i,
  }
  for (const language of all) {
    const { product: _name, ...texts } = languages[language].texts
    for (const sentence of [...sentencesOf(texts), ...noticeText[language].trim().split('\n')]) {
      expect(sentence).toMatch(script[language])
    }
  }
})

test('Tibetan and English leave no Chinese but the mark of a simulation', () => {
  for (const language of ['bo', 'en'] as const) {
    const { product: _name, simulated, ...texts } = languages[language].texts
    expect(simulated).toContain('模拟 SIMULATED')
    for (const sentence of [...sentencesOf(texts), noticeText[language]]) {
      expect(sentence.replaceAll('：', '')).not.toMatch(/\p{Script=Han}/u)
    }
  }
})

test('a sentence has the same places to fill in every language', () => {
  const placesOf = (language: Language) =>
    sentencesOf(languages[language].texts).map((sentence) => (sentence.match(/\{\w+\}/g) ?? []).join())
  for (const language of all) expect(placesOf(language)).toEqual(placesOf('zh-CN'))
})

test('every quality issue of the recogniser has its hint', () => {
  const issues: Record<QualityIssue, true> = {
    'no-face': true,
    'several-faces': true,
    'too-small': true,
    'at-edge': true,
    turned: true,
    covered: true,
    blurred: true,
    'too-dark': true,
    'too-bright': true,
  }
  for (const issue of Object.keys(issues)) expect(hintFor(issue, languages.bo.texts)).toBe(issue)
  expect(hintFor(null, languages.bo.texts)).toBe('hold-still')
  expect(hintFor('something-new', languages.bo.texts)).toBe(null)
})

test.each([
  ['not-on-roster', 'not-on-roster', null],
  ['time-up', 'timed-out', null],
  ['CARD_NONE', 'card-missing', 'CARD_NONE'],
  ['CARD_CHECKSUM', 'card-unreadable', 'CARD_CHECKSUM'],
  ['CARD_RECORD_EMPTY', 'card-invalid', 'CARD_RECORD_EMPTY'],
  ['CARD_SAM_SELF_TEST', 'reader-fault', 'CARD_SAM_SELF_TEST'],
  ['PORT_DENIED', 'reader-denied', 'PORT_DENIED'],
  ['PORT_NOT_FOUND', 'reader-lost', 'PORT_NOT_FOUND'],
  ['FACE_MODEL_MISSING', 'face-unavailable', 'FACE_MODEL_MISSING'],
  ['LEDGER_PIN', 'pin-wrong', null],
  ['LEDGER_READ_ONLY', 'record-failed', 'LEDGER_READ_ONLY'],
  ['STATION_FOLDER', 'station-fault', 'STATION_FOLDER'],
  ['SOMETHING_NEW', 'unknown', 'SOMETHING_NEW'],
  ['toString', 'unknown', 'toString'],
])('%s is told as %s', (code, advice, shownCode) => {
  expect(adviceFor(code, languages['zh-CN'].texts)).toEqual({ advice, shownCode })
})

test('a place without a value disappears instead of showing its name', () => {
  expect(fill('{time} 已经签过了', { time: '08:02' })).toBe('08:02 已经签过了')
  expect(fill('{time} 已经签过了', {})).toBe('已经签过了')
})

test('the notice has the same points in every language, refusing among them', () => {
  const topics = notices['zh-CN'].points.map(({ topic }) => topic)
  expect(topics).toEqual(['who', 'why', 'how', 'retention', 'rights', 'refusal'])
  for (const language of all) expect(notices[language].points.map(({ topic }) => topic)).toEqual(topics)
})

test('where frames are kept the notice differs in what is kept, in every language and script, and in nothing else', () => {
  const script: Record<Language, RegExp> = {
    'zh-CN': /\p{Script=Han}/u,
    bo: /\p{Script=Tibetan}/u,
    en: /[a-z]/i,
  }
  for (const language of all) {
    expect(noticeTextWithFrames[language]).not.toBe(noticeText[language])
    const differing = noticesWithFrames[language].points.filter(
      ({ text }, i) => text !== notices[language].points[i]!.text,
    )
    expect(differing.map(({ topic }) => topic)).toEqual(['retention'])
    expect(differing[0]!.text).toMatch(script[language])
  }
})

test('where card facts are kept the notice names the card’s date and the ethnicity, elsewhere it doesn’t', () => {
  const named: Record<Language, readonly RegExp[]> = {
    'zh-CN': [/证件日期/, /民族/],
    bo: [/ལག་ཁྱེར་ཚེས་གྲངས/, /མི་རིགས/],
    en: [/card date/i, /ethnicity/],
  }
  for (const language of all) {
    for (const word of named[language]) {
      expect(noticeTextWithCardFacts[language]).toMatch(word)
      expect(noticeTextWithFramesAndCardFacts[language]).toMatch(word)
      expect(noticeText[language]).not.toMatch(word)
      expect(noticeTextWithFrames[language]).not.toMatch(word)
    }
  }
})

test('every version of the notice, and the one of the second question, is a text of its own', () => {
  for (const language of all) {
    const versions = [
      noticeText,
      noticeTextWithFrames,
      noticeTextWithCardFacts,
      noticeTextWithFramesAndCardFacts,
      duplicateNoticeText,
    ].map((text) => text[language])
    expect(new Set(versions).size).toBe(versions.length)
  }
})

test('the second question has purpose, method, keeping, rights and refusal in every language and script', () => {
  const topics = ['why', 'how', 'retention', 'rights', 'refusal']
  for (const language of all) {
    expect(duplicateNotices[language].points.map(({ topic }) => topic)).toEqual(topics)
  }
  expect(duplicateNoticeText['zh-CN']).toMatch(/\p{Script=Han}/u)
  expect(duplicateNoticeText.bo.replaceAll('：', '')).not.toMatch(/\p{Script=Han}/u)
  expect(duplicateNoticeText.en.replaceAll('：', '')).not.toMatch(/\p{Script=Han}/u)
})
