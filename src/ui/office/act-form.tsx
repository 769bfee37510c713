import { useState } from 'react'
import { fill } from '../i18n/languages.ts'
import { Icon } from '../parts/icon.tsx'
import { useWindow } from '../window-context.ts'
import type { Act, Answered, Field, Given, Signer } from './act.ts'
import { RowWords } from './choice-list.tsx'
import { FieldQuestion } from './field-question.tsx'
import { FaultLine, OfficePage } from './office-page.tsx'
import { Paged } from './paged.tsx'
import { Signing } from './signing.tsx'
import { codeOf } from './use-asked.ts'
import { useDesk } from './use-desk.ts'

type Stage = 'asking' | 'reviewing' | 'signing' | 'working' | 'done'

/** Any act as a form: its questions one by one, all answers to check, the signatures, and what became of it. */
export function ActForm({ act, onLeave }: { readonly act: Act; readonly onLeave: () => void }) {
  const { texts } = useWindow()
  const desk = useDesk()
  const [given, setGiven] = useState<Given>({})
  const fields = act.fields(given)
  const [step, setStep] = useState(0)
  const [stage, setStage] = useState<Stage>(fields.length === 0 ? 'reviewing' : 'asking')
  const [code, setCode] = useState<string | null>(null)
  const [entered, setEntered] = useState<unknown>(null)
  const title = texts.office.acts[act.name]

  const answer = (field: Field, answered: Answered): void => {
    const next = { ...given, [field.name]: answered }
    setGiven(next)
    if (step + 1 < act.fields(next).length) setStep(step + 1)
    else setStage('reviewing')
  }
  const back = (): void => {
    setCode(null)
    if (stage === 'reviewing' && fields.length > 0) {
      setStep(fields.length - 1)
      setStage('asking')
    } else if (stage === 'asking' && step > 0) setStep(step - 1)
    else onLeave()
  }
  const again = (): void => {
    setGiven({})
    setStep(0)
    setStage(fields.length === 0 ? 'reviewing' : 'asking')
  }
  const sign = async (signers: readonly Signer[]): Promise<void> => {
    setStage('working')
    setCode(null)
    try {
      setEntered(await desk.ask(act.work(given, signers)))
      setStage('done')
    } catch (thrown) {
      setCode(codeOf(thrown))
      setStage('reviewing')
    }
  }

  if (stage === 'signing') {
    const count = typeof act.signers === 'function' ? act.signers(given) : act.signers
    const toReview = () => setStage('reviewing')
    return <Signing title={title} count={count} onSigned={(all) => void sign(all)} onBack={toReview} />
  }
  if (stage === 'working') {
    return (
      <main className="office" data-screen="office" data-page="working">
        <p className="working">{texts.office.sign.working}</p>
      </main>
    )
  }
  if (stage === 'done') {
    const { Outcome } = act
    const outcome = { entered, onAgain: again, onLeave }
    return Outcome ? <Outcome title={title} {...outcome} /> : <Done act={act} {...outcome} />
  }
  const field = fields[step]
  if (stage === 'asking' && field !== undefined) {
    const { touch, write } = texts.office.field
    return (
      <OfficePage
        name={`${act.name}/${field.name}`}
        title={field.ask}
        next={field.kind === 'choice' ? touch : write}
        onBack={back}
      >
        <FieldQuestion key={field.name} field={field} onAnswer={(answered) => answer(field, answered)} />
      </OfficePage>
    )
  }
  return <Reviewing act={act} given={given} code={code} onBack={back} onSign={() => setStage('signing')} />
}

/** All answers before anybody signs, and why the last attempt was not done. */
function Reviewing(review: {
  readonly act: Act
  readonly given: Given
  readonly code: string | null
  readonly onBack: () => void
  readonly onSign: () => void
}) {
  const { texts } = useWindow()
  const { act, given, code } = review
  const { Review } = act
  const [isReady, setIsReady] = useState(Review === undefined)
  const rows = act.fields(given).map(({ name, ask }) => (
    <p key={name} className="office-fact">
      <RowWords lead={given[name]?.shown ?? ''} detail={ask} />
    </p>
  ))
  return (
    <OfficePage
      name={`${act.name}/review`}
      title={`${texts.office.review.title} · ${texts.office.acts[act.name]}`}
      next={texts.office.review.next}
      onBack={review.onBack}
    >
      {code !== null && <FaultLine code={code} />}
      {Review === undefined ? (
        <Paged rows={rows} room={code === null ? 'most' : 'some'} />
      ) : (
        <Review given={given} onReady={setIsReady} />
      )}
      <button
        type="button"
        className="button office-sign"
        data-office="sign"
        disabled={!isReady}
        onClick={review.onSign}
      >
        <Icon name="witness" />
        {texts.office.review.sign}
      </button>
    </OfficePage>
  )
}

/** The record's number, and what staff have to be told beside it. */
function Done(done: {
  readonly act: Act
  readonly entered: unknown
  readonly onAgain: () => void
  readonly onLeave: () => void
}) {
  const { texts } = useWindow()
  const { title, recorded, next, again, overCap, unconfirmed, already } = texts.office.done
  const entered = (done.entered ?? {}) as Entered
  const alarms = [
    ...(entered.overCap === true ? [overCap] : []),
    ...((entered.unconfirmed?.length ?? 0) > 0 ? [unconfirmed] : []),
    ...(entered.already === true ? [already] : []),
  ]
  return (
    <OfficePage
      name="done"
      title={`${title} · ${texts.office.acts[done.act.name]}`}
      next={next}
      onBack={done.onLeave}
    >
      <div className="office-done">
        <div className="sign office-done-sign">
          <Icon name="check" />
        </div>
        {entered.index !== undefined && <p data-part="event">{fill(recorded, { event: entered.index })}</p>}
        {alarms.map((alarm) => (
          <p key={alarm} className="refusal-line" role="alert">
            <Icon name="alert" />
            <span>{alarm}</span>
          </p>
        ))}
        <button type="button" className="button" data-office="again" onClick={done.onAgain}>
          {again}
        </button>
      </div>
    </OfficePage>
  )
}

/** What acts answer, as far as this page shows it. */
interface Entered {
  readonly index?: number
  readonly overCap?: boolean
  readonly unconfirmed?: readonly string[]
  readonly already?: boolean
}
