import { useState } from 'react'
import type { VisitPerson } from '../../station/protocol.ts'
import type { FoundRecord } from '../i18n/visit/texts.ts'
import { RowWords } from '../office/choice-list.tsx'
import { Paged } from '../office/paged.tsx'
import { Icon, type IconName } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import { ExtrasPage, NO_EXTRAS } from './extras-page.tsx'
import { useDoing } from './use-doing.ts'
import type { FactsAnswer } from './use-facts.ts'
import { VisitPage } from './visit-page.tsx'
import { useSeat } from './visit-seat.ts'
import { Waiting } from './waiting.tsx'

type Proof = 'card' | 'face' | 'witness'

/** Somebody in the room, as the reader, the camera or the inspector knows them. */
interface Found {
  readonly person: string | null
  readonly shown: string
  readonly record: Exclude<FoundRecord, 'of-another-person'>
  readonly by: Proof
  readonly ticket: string | null
}

/** From a person in the room to the record that they should have: what no headcount shows. */
export function Reverse(reverse: {
  readonly classId: string
  readonly facts: FactsAnswer
  readonly onDone: () => void
  readonly onBack: () => void
}) {
  const { classId, facts } = reverse
  const { texts } = useWindow()
  const { mark } = useSeat()
  const { code, isWorking, run } = useDoing()
  const words = texts.visit.reverse
  const [asking, setAsking] = useState<'face' | 'witness' | null>(null)
  const [waiting, setWaiting] = useState<'card' | 'face' | null>(null)
  const [found, setFound] = useState<Found | null>(null)
  const [hasExtras, setHasExtras] = useState(false)
  const [extras, setExtras] = useState(NO_EXTRAS)

  const identify = (by: 'card' | 'face', person: string | null): void =>
    run(async () => {
      setWaiting(by)
      try {
        const answer = await mark(classId, { act: 'visit.identify', by, person })
        const isThem = by === 'card' || answer.face?.verdict === 'match'
        const known = facts.people.find((one) => one.person === answer.person)
        setAsking(null)
        setFound({
          person: answer.person,
          shown:
            answer.name === null
              ? known === undefined
                ? words.unknown
                : nameOf(known)
              : `${answer.name} ${answer.number ?? ''}`,
          ...{ record: answer.record, by: isThem ? by : 'witness', ticket: isThem ? answer.ticket : null },
        })
      } finally {
        setWaiting(null)
      }
    })
  const know = (person: VisitPerson | null): void => {
    if (asking === 'face' && person !== null) {
      identify('face', person.person)
      return
    }
    setAsking(null)
    setFound({
      person: person?.person ?? null,
      shown: person === null ? words.unknown : nameOf(person),
      record: person === null ? 'not-on-roster' : RECORDS[person.record],
      ...{ by: 'witness', ticket: null },
    })
  }
  const record = (as: FoundRecord): void =>
    run(async () => {
      if (found === null) return
      const { person, by, ticket } = found
      await mark(classId, { act: 'visit.find', person, record: as, by, ...extras, ticket })
      reverse.onDone()
    })

  if (waiting !== null) return <Waiting by={waiting} title={words.title} person={null} />
  if (hasExtras) return <ExtrasPage extras={extras} onExtras={setExtras} onBack={() => setHasExtras(false)} />
  if (asking !== null) {
    return (
      <RosterPage
        facts={facts}
        hasNobody={asking === 'witness'}
        onChosen={know}
        onBack={() => setAsking(null)}
      />
    )
  }
  if (found !== null) {
    const isGood = found.record === 'exists'
    return (
      <VisitPage
        name="found"
        title={found.shown}
        next={isWorking ? texts.visit.working : words.resultNext}
        code={code}
        onBack={() => setFound(null)}
        foot={
          <button
            type="button"
            className="button button-quiet"
            data-visit="extras"
            onClick={() => setHasExtras(true)}
          >
            {texts.visit.check.extras}
          </button>
        }
      >
        <p className={`visit-say ${isGood ? 'visit-good' : 'visit-alarm'}`} data-record={found.record}>
          <Icon name={isGood ? 'check' : 'alert'} />
          <span>{words.records[found.record]}</span>
        </p>
        <div className="visit-choices">
          <button
            type="button"
            className="button office-row visit-main"
            data-visit="record"
            disabled={isWorking}
            onClick={() => record(found.record)}
          >
            <Icon name="check" />
            {words.record}
          </button>
          {found.person !== null && (
            <button
              type="button"
              className="button office-row"
              data-visit="another"
              disabled={isWorking}
              onClick={() => record('of-another-person')}
            >
              <Icon name="cross" />
              {words.another}
            </button>
          )}
        </div>
      </VisitPage>
    )
  }
  const ways: readonly (readonly [Proof, IconName, string, () => void])[] = [
    ['card', 'card', words.byCard, () => identify('card', null)],
    ['face', 'face', words.byFace, () => setAsking('face')],
    ['witness', 'witness', words.byWitness, () => setAsking('witness')],
  ]
  return (
    <VisitPage name="reverse" title={words.title} next={words.next} code={code} onBack={reverse.onBack}>
      <div className="visit-choices">
        {ways.map(([name, icon, say, touch]) => (
          <button key={name} type="button" className="button office-row" data-find={name} onClick={touch}>
            <Icon name={icon} />
            {say}
          </button>
        ))}
      </div>
    </VisitPage>
  )
}

/** Everybody on the roster, masked, and nobody of them. */
function RosterPage(page: {
  readonly facts: FactsAnswer
  readonly hasNobody: boolean
  readonly onChosen: (person: VisitPerson | null) => void
  readonly onBack: () => void
}) {
  const { texts } = useWindow()
  const { who, whoNext, nobody } = texts.visit.reverse
  const row = (value: string, words: string, person: VisitPerson | null) => (
    <button
      key={value}
      type="button"
      className="button office-row"
      data-choice={value}
      onClick={() => page.onChosen(person)}
    >
      <RowWords lead={words} />
    </button>
  )
  const rows = page.facts.people.map((one) => row(one.person, nameOf(one), one))
  return (
    <VisitPage name="roster" title={who} next={whoNext} onBack={page.onBack}>
      <Paged rows={page.hasNobody ? [row(' nobody', nobody, null), ...rows] : rows} room="most" />
    </VisitPage>
  )
}

function nameOf({ name, number }: VisitPerson): string {
  return `${name} ${number}`
}

const RECORDS = { in: 'exists', out: 'signed-out', none: 'none' } as const
