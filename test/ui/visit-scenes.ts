import type { Page } from 'playwright-core'
import { inspectorCode, signedCode } from '../../src/common/visit-codes.ts'
import {
  INSPECTOR_KEY,
  OPENED,
  PEOPLE,
  type ScriptedVisit,
  scriptedVisit,
  VISIT_PIN,
} from '../support/scripted-visit.ts'

/** One page of an inspection, and the touches that lead to it from the door. Selectors are of no language. */
export interface VisitScene {
  readonly name: string
  /** `data-page` of the page that is to be seen; the office's own signing page stands in one. */
  readonly page: string
  readonly set?: (scripted: ScriptedVisit) => void
  readonly steps: readonly VisitStep[]
}

/** A touch; a PIN or number on the keypad; files of these texts; a code; words in a field. */
export type VisitStep =
  | string
  | { readonly keys: string }
  | { readonly files: readonly string[] }
  | { readonly code: string }
  | { readonly write: string }

const touch = (name: string) => `[data-visit="${name}"]`
const pin: VisitStep = { keys: VISIT_PIN }
export const KEY_FILE = JSON.stringify({ format: 'shidao-inspector-key/v1', publicKey: INSPECTOR_KEY })
export const LIST_FILE = 'shidao-inspectors/v1\nnumber 1\n'
export const AUTHORITY_LINE = `authority.example+0123abcd+${'A'.repeat(44)}`
const CHECKPOINT = `shidao.example/a\n880\n${'A'.repeat(43)}=\n\n— shidao ${'B'.repeat(96)}\n`

const BEGIN = [touch('begin')]
const PHONE: VisitStep[] = [...BEGIN, { code: inspectorCode(INSPECTOR_KEY) }]
const ADMITTED: VisitStep[] = [...PHONE, pin, pin]
const SIGNING: VisitStep[] = [...ADMITTED, touch('go')]
export const SIGNED: VisitStep = { code: signedCode(INSPECTOR_KEY, '5'.repeat(128)) }
export const OPENING: readonly VisitStep[] = [...SIGNING, SIGNED]
const FILES: VisitStep[] = [...BEGIN, { files: [KEY_FILE, LIST_FILE, AUTHORITY_LINE, CHECKPOINT] }]

const open = (scripted: ScriptedVisit): void => {
  scripted.state = OPENED
}
const drawn = (scripted: ScriptedVisit): void => {
  scripted.state = { ...OPENED, order: PEOPLE.slice(0, 10).map(({ person }) => person) }
}
const checked = (scripted: ScriptedVisit): void => {
  drawn(scripted)
  const results = ['seen', 'seen', 'not-seen', 'cannot-verify', 'seen'] as const
  scripted.people = PEOPLE.map((one, place) => {
    const result = results[place]
    return result === undefined ? one : { ...one, check: { result, by: null } }
  })
  if (scripted.state !== null) {
    scripted.state = {
      ...scripted.state,
      headcount: 35,
      found: [{ person: null, record: 'not-on-roster', by: 'witness' }],
    }
  }
}
const refusing =
  (act: Parameters<ScriptedVisit['refuse']['set']>[0], code: string, before = open) =>
  (scripted: ScriptedVisit): void => {
    before(scripted)
    scripted.refuse.set(act, code)
  }
const never = (scripted: ScriptedVisit): void => {
  drawn(scripted)
  scripted.identify = () => new Promise(() => {})
}
const other = (scripted: ScriptedVisit): void => {
  drawn(scripted)
  scripted.identify = async () => ({ person: PEOPLE[5]?.person ?? null })
}
const unknownCard = (scripted: ScriptedVisit): void => {
  open(scripted)
  scripted.identify = async () => ({ person: null, record: 'not-on-roster' })
}
const HUB = BEGIN
const LOCKED: VisitStep[] = [...HUB, touch('draw'), '[data-k="10"]', touch('commit'), pin]
const CHECKS: VisitStep[] = [...HUB, touch('checks')]
const check = (name: string) => `[data-check="${name}"]`
const CLOSE: VisitStep[] = [...HUB, touch('close')]

export const VISIT_SCENES: readonly VisitScene[] = [
  { name: 'visit-classes', page: 'classes', steps: [touch('back')] },
  {
    ...{ name: 'visit-classes-none', page: 'classes', steps: [] },
    set: (scripted) => {
      scripted.classes = []
    },
  },
  { name: 'visit-facts', page: 'facts', steps: [] },
  {
    ...{ name: 'visit-facts-worst', page: 'facts', steps: [] },
    set: (scripted) => {
      open(scripted)
      if (scripted.state !== null) scripted.state = { ...scripted.state, headcount: 11 }
      scripted.facts = { filing: null, receipt: null, manualActs: 1234, untrustedTimes: 12_345 }
    },
  },
  { name: 'visit-facts-more', page: 'facts', steps: ['more?'] },
  { name: 'visit-pattern', page: 'pattern', steps: ['more?', touch('pattern')] },
  { name: 'visit-who', page: 'who', steps: BEGIN },
  { name: 'visit-who-files', page: 'who', steps: FILES },
  {
    ...{ name: 'visit-who-forged', page: 'who', steps: [...FILES, touch('go'), pin, pin] },
    set: (scripted) => scripted.refuse.set('visit.admit', 'INSPECT_LIST_FORGED'),
  },
  {
    name: 'visit-authority',
    page: 'authority',
    steps: [...BEGIN, { files: [KEY_FILE, LIST_FILE, 'nothing'] }, touch('go'), { code: 'no key' }],
  },
  { name: 'visit-choose-pin', page: 'choose-pin', steps: PHONE },
  { name: 'visit-choose-pin-differs', page: 'choose-pin', steps: [...PHONE, pin, { keys: '1111' }] },
  { name: 'visit-standing', page: 'standing', steps: ADMITTED },
  {
    ...{ name: 'visit-standing-rolled-back', page: 'standing', steps: ADMITTED },
    set: (scripted) => {
      scripted.admitted = { standing: 'unlisted', since: { size: 12_880, finding: 'rolled-back' } }
    },
  },
  { name: 'visit-sign', page: 'sign', steps: SIGNING },
  { name: 'visit-sign-key', page: 'sign', steps: [...FILES, touch('go'), pin, pin, touch('go')] },
  {
    ...{ name: 'visit-sign-refused', page: 'sign', steps: OPENING },
    set: (scripted) => scripted.refuse.set('visit.open', 'INSPECT_SIGNATURE'),
  },
  { name: 'visit-hub', page: 'hub', set: open, steps: HUB },
  { name: 'visit-hub-busy', page: 'hub', set: checked, steps: HUB },
  { name: 'visit-pin', page: 'pin', set: open, steps: [...HUB, touch('draw'), touch('commit')] },
  {
    ...{ name: 'visit-pin-wrong', page: 'pin', set: open },
    steps: [...HUB, touch('draw'), touch('commit'), { keys: '9999' }],
  },
  { name: 'visit-draw', page: 'draw', set: open, steps: [...HUB, touch('draw')] },
  { name: 'visit-draw-number', page: 'draw-number', set: open, steps: [...HUB, touch('draw'), 'other?'] },
  {
    ...{ name: 'visit-draw-one', page: 'draw', steps: LOCKED },
    set: refusing('visit.commit', 'INSPECT_CLASS_OF_ONE'),
  },
  { name: 'visit-nonce', page: 'nonce', set: open, steps: LOCKED },
  { name: 'visit-nonce-own', page: 'nonce', set: open, steps: [...LOCKED, { write: '6 3 1 1 5 2 4 6 6 1' }] },
  {
    ...{ name: 'visit-nonce-too-many', page: 'nonce', steps: [...LOCKED, touch('draw')] },
    set: refusing('visit.draw', 'INSPECT_K_TOO_LARGE'),
  },
  { name: 'visit-check', page: 'check', set: drawn, steps: CHECKS },
  { name: 'visit-check-card', page: 'waiting', set: never, steps: [...CHECKS, check('card'), pin] },
  { name: 'visit-check-face', page: 'waiting', set: never, steps: [...CHECKS, check('face'), pin] },
  { name: 'visit-check-other', page: 'check', set: other, steps: [...CHECKS, check('card'), pin] },
  { name: 'visit-check-reasons', page: 'reasons', set: drawn, steps: [...CHECKS, check('cannot')] },
  { name: 'visit-check-extras', page: 'extras', set: drawn, steps: [...CHECKS, touch('extras')] },
  { name: 'visit-checks', page: 'checks', set: checked, steps: [...CHECKS, touch('list')] },
  { name: 'visit-headcount', page: 'headcount', set: open, steps: [...HUB, touch('headcount')] },
  { name: 'visit-reverse', page: 'reverse', set: open, steps: [...HUB, touch('reverse')] },
  {
    ...{ name: 'visit-roster', page: 'roster', set: open },
    steps: [...HUB, touch('reverse'), '[data-find="witness"]'],
  },
  {
    ...{ name: 'visit-found', page: 'found', set: open },
    steps: [...HUB, touch('reverse'), '[data-find="card"]', pin],
  },
  {
    ...{ name: 'visit-found-nobody', page: 'found', set: unknownCard },
    steps: [...HUB, touch('reverse'), '[data-find="card"]', pin],
  },
  { name: 'visit-close', page: 'close', set: checked, steps: CLOSE },
  { name: 'visit-close-note', page: 'note', set: checked, steps: [...CLOSE, '[data-end="note"]'] },
  {
    ...{ name: 'visit-close-institution', page: 'sign', set: checked },
    steps: [...CLOSE, '[data-end="institution"]'],
  },
  { name: 'visit-close-sign', page: 'sign', set: checked, steps: [...CLOSE, '[data-end="nobody"]', pin] },
  {
    ...{ name: 'visit-ended', page: 'ended', set: checked },
    steps: [...CLOSE, '[data-end="nobody"]', pin, SIGNED],
  },
]

/** A scripted station that stands where the scene begins. */
export function stage(scene: VisitScene): ScriptedVisit {
  const scripted = scriptedVisit()
  scene.set?.(scripted)
  return scripted
}

/** Does the steps of a scene, from the class's facts on. Returns how many touches that took. */
export async function walkVisit(page: Page, steps: readonly VisitStep[]): Promise<number> {
  let touches = 0
  const shown = (selector: string) => page.locator(`${selector}:visible`)
  for (const step of steps) {
    if (step === 'more?') {
      // Where the window is high, nothing is left for a second page.
      if ((await shown(touch('more')).count()) > 0) await shown(touch('more')).click()
    } else if (step === 'other?') {
      if ((await shown('[data-k="other"]').count()) === 0) await shown('[data-office="more"]').click()
      await shown('[data-k="other"]').click()
    } else if (typeof step === 'string') {
      await shown(step).click()
      touches += 1
    } else if ('keys' in step) {
      for (const digit of step.keys) await page.locator(`.key:visible`, { hasText: digit }).click()
      await shown('.key-done').click()
      touches += step.keys.length + 1
    } else if ('files' in step) {
      const files = step.files.map((text, place) => ({
        ...{ name: `file-${place}`, mimeType: 'text/plain', buffer: Buffer.from(text) },
      }))
      await page.locator('main:visible input[type="file"]').setInputFiles(files)
      await page
        .locator('.visit-brought li')
        .nth(files.length - 1)
        .waitFor()
    } else if ('code' in step) {
      await shown('.visit-scan input').fill(step.code)
      await shown('.visit-scan input').press('Enter')
    } else await shown('main .office-input').fill(step.write)
  }
  return touches
}
