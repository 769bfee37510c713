import { useState } from 'react'
import type { VisitPerson } from '../../station/protocol.ts'
import type { CannotReason } from '../i18n/visit/texts.ts'
import { OfficeRefusal } from '../office/act.ts'
import { Icon, type IconName } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import { ExtrasPage, NO_EXTRAS } from './extras-page.tsx'
import { PersonFacts } from './person-facts.tsx'
import { useDoing } from './use-doing.ts'
import { VisitPage } from './visit-page.tsx'
import { useSeat } from './visit-seat.ts'
import { Waiting } from './waiting.tsx'

type Proof = 'card' | 'face' | 'witness'
type Result = NonNullable<VisitPerson['check']>

/** One person who was drawn: what the log says of them, and one touch for how the look for them ended. */
export function CheckCard(card: {
  readonly classId: string
  readonly person: VisitPerson
  readonly title: string
  readonly onLook: (check: Result) => void
  readonly onList: () => void
  readonly onBack: () => void
}) {
  const { classId, person } = card
  const { texts } = useWindow()
  const { mark } = useSeat()
  const { code, isWorking, run } = useDoing()
  const words = texts.visit.check
  const [waiting, setWaiting] = useState<'card' | 'face' | null>(null)
  const [open, setOpen] = useState<'reasons' | 'extras' | null>(null)
  const [extras, setExtras] = useState(NO_EXTRAS)

  const record = async (check: Result, reason: string | null, ticket: string | null): Promise<void> => {
    const asked = { person: person.person, ...check, reason, ...extras, ticket }
    await mark(classId, { act: 'visit.check', ...asked })
    card.onLook(check)
  }
  const see = (by: Proof): void =>
    run(async () => {
      if (by === 'witness') return record({ result: 'seen', by }, null, null)
      setWaiting(by)
      try {
        const whose = by === 'face' ? person.person : null
        const found = await mark(classId, { act: 'visit.identify', by, person: whose })
        if (by === 'card' && found.person !== person.person) throw new OfficeRefusal('VISIT_OTHER_PERSON')
        if (by === 'face' && found.face?.verdict !== 'match') throw new OfficeRefusal('VISIT_FACE_UNSURE')
        await record({ result: 'seen', by }, null, found.ticket)
      } finally {
        setWaiting(null)
      }
    })
  const miss = (result: 'not-seen' | 'cannot-verify', reason: string | null): void => {
    setOpen(null)
    run(() => record({ result, by: null }, reason, null))
  }

  if (open === 'extras') {
    return <ExtrasPage extras={extras} onExtras={setExtras} onBack={() => setOpen(null)} />
  }
  if (open === 'reasons') {
    return (
      <VisitPage
        name="reasons"
        title={words.reasonTitle}
        next={texts.office.field.touch}
        onBack={() => setOpen(null)}
      >
        <div className="office-rows">
          {REASONS.map((reason) => (
            <button
              key={reason}
              type="button"
              className="button office-row"
              data-reason={reason}
              onClick={() => miss('cannot-verify', words.reasons[reason])}
            >
              {words.reasons[reason]}
            </button>
          ))}
        </div>
      </VisitPage>
    )
  }
  if (waiting !== null) return <Waiting by={waiting} title={card.title} person={person} />
  const buttons: readonly (readonly [string, IconName, string, () => void])[] = [
    ['card', 'card', words.byCard, () => see('card')],
    ['face', 'face', words.byFace, () => see('face')],
    ['witness', 'witness', words.byWitness, () => see('witness')],
    ['not-seen', 'cross', words.notSeen, () => miss('not-seen', null)],
    ['cannot', 'alert', words.cannot, () => setOpen('reasons')],
  ]
  const hasExtras = extras.note !== null || extras.photograph !== null
  return (
    <VisitPage
      name="check"
      title={card.title}
      next={isWorking ? texts.visit.working : words.next}
      code={code}
      onBack={card.onBack}
      isBeside
      aside={<PersonFacts person={person} />}
      foot={
        <>
          <button
            type="button"
            className={hasExtras ? 'button office-good' : 'button button-quiet'}
            data-visit="extras"
            onClick={() => setOpen('extras')}
          >
            {hasExtras && <Icon name="check" />}
            {words.extras}
          </button>
          <button type="button" className="button button-quiet" data-visit="list" onClick={card.onList}>
            {words.all}
          </button>
        </>
      }
    >
      <div className="visit-choices">
        {buttons.map(([name, icon, say, touch]) => (
          <button
            key={name}
            type="button"
            className="button office-row"
            data-check={name}
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

const REASONS: readonly CannotReason[] = ['document', 'card', 'left', 'refuses', 'unsure']
