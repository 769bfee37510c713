import { useState } from 'react'
import type { VisitAnswers, VisitState } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import { Signing } from '../office/signing.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import type { BroughtKey } from './brought.ts'
import type { Ended } from './done-page.tsx'
import { NoteField } from './extras-page.tsx'
import { signed } from './fact-flags.ts'
import { SignPage } from './sign-page.tsx'
import { useDoing } from './use-doing.ts'
import type { FactsAnswer } from './use-facts.ts'
import { FootButton, VisitPage } from './visit-page.tsx'
import { type Mark, useSeat } from './visit-seat.ts'

type Institution = Extract<Mark, { readonly act: 'visit.finish' }>['institution']

/** The end: what was found, the institution's signature or why there is none, and the inspector's own. */
export function Closing(closing: {
  readonly classId: string
  readonly facts: FactsAnswer
  readonly visit: VisitState
  readonly brought: BroughtKey | null
  readonly onKey: (key: BroughtKey | null) => void
  readonly onEnded: (ended: Ended) => void
  readonly onBack: () => void
}) {
  const { classId } = closing
  const { texts } = useWindow()
  const { ask, mark } = useSeat()
  const { code, isWorking, run, complain } = useDoing()
  const words = texts.visit.closing
  const [open, setOpen] = useState<'note' | 'institution' | null>(null)
  const [note, setNote] = useState('')
  const [prepared, setPrepared] = useState<VisitAnswers['visit.finish'] | null>(null)

  const finish = (institution: Institution): void => {
    setOpen(null)
    run(async () => {
      const kept = note.trim() === '' ? null : note.trim()
      setPrepared(await mark(classId, { act: 'visit.finish', institution, note: kept }))
    })
  }
  if (prepared !== null) {
    return (
      <SignPage
        title={texts.visit.sign.closing}
        statement={prepared.statement}
        publicKey={closing.visit.inspector.publicKey}
        brought={closing.brought}
        code={code}
        onKey={closing.onKey}
        onComplain={complain}
        onProof={(proof) =>
          run(async () => closing.onEnded(await ask({ act: 'visit.close', class: classId, proof })))
        }
        onBack={() => {
          complain(null)
          setPrepared(null)
        }}
      />
    )
  }
  if (open === 'institution') {
    return (
      <Signing
        title={words.institution}
        count={1}
        onSigned={([signer]) => signer && finish({ signed: true, ...signer })}
        onBack={() => setOpen(null)}
      />
    )
  }
  if (open === 'note') {
    return (
      <VisitPage
        name="note"
        title={words.note}
        next={texts.office.field.write}
        onBack={() => setOpen(null)}
        foot={<FootButton name="keep" words={texts.visit.go} onTouch={() => setOpen(null)} isMain />}
      >
        <NoteField words={words.note} note={note} onNote={setNote} />
      </VisitPage>
    )
  }
  const ways: readonly (readonly [string, IconName, string, () => void])[] = [
    ['institution', 'witness', words.institution, () => setOpen('institution')],
    ['refused', 'cross', words.refused, () => finish({ signed: false, reason: 'refused' })],
    ['nobody', 'people', words.nobody, () => finish({ signed: false, reason: 'nobody-there' })],
    ['note', 'clipboard', note.trim() === '' ? words.note : words.hasNote, () => setOpen('note')],
  ]
  return (
    <VisitPage
      name="close"
      title={words.title}
      next={isWorking ? texts.visit.working : words.next}
      code={code}
      onBack={closing.onBack}
      isBeside
      aside={<Outcome facts={closing.facts} visit={closing.visit} />}
    >
      <div className="visit-choices">
        {ways.map(([name, icon, say, touch]) => (
          <button
            key={name}
            type="button"
            className="button office-row"
            data-end={name}
            disabled={isWorking}
            onClick={touch}
          >
            <Icon name={icon} />
            {say}
          </button>
        ))}
      </div>
    </VisitPage>
  )
}

/** What the visit found so far, in a few lines. */
function Outcome({ facts, visit }: { readonly facts: FactsAnswer; readonly visit: VisitState }) {
  const { texts } = useWindow()
  const words = texts.visit.closing
  const looks = new Map(facts.people.map(({ person, check }) => [person, check?.result ?? 'left']))
  const count = (result: 'seen' | 'not-seen' | 'cannot-verify' | 'left') =>
    visit.order.filter((person) => (looks.get(person) ?? 'left') === result).length
  const { present } = facts.facts
  const lines: readonly (readonly [string, number, string])[] = [
    [fill(words.seen, { count: count('seen') }), count('seen'), 'good'],
    [fill(words.notSeen, { count: count('not-seen') }), count('not-seen'), 'bad'],
    [fill(words.cannotVerify, { count: count('cannot-verify') }), count('cannot-verify'), 'warning'],
    [fill(words.left, { count: count('left') }), count('left'), 'warning'],
    [fill(words.found, { count: visit.found.length }), visit.found.length, 'plain'],
  ]
  const difference = visit.headcount === null ? null : visit.headcount - present
  return (
    <ul className="visit-outcome">
      {lines
        .filter(([, people]) => people > 0)
        .map(([say, , tone]) => (
          <li key={say} className={`visit-flag visit-${tone}`}>
            {say}
          </li>
        ))}
      <li className={`visit-flag visit-${difference === 0 ? 'good' : 'bad'}`} data-part="headcount">
        {difference === null ? words.uncounted : fill(words.difference, { difference: signed(difference) })}
      </li>
    </ul>
  )
}
