import { useEffect, useState } from 'react'
import { CancelButton } from '../parts/cancel-button.tsx'
import { BackButton, ChosenName } from '../parts/chosen-name.tsx'
import { Countdown } from '../parts/countdown.tsx'
import { Icon } from '../parts/icon.tsx'
import { Keypad } from '../parts/keypad.tsx'
import { LivePicture } from '../parts/live-picture.tsx'
import { PersonLine } from '../parts/person-line.tsx'
import { RefusalLine } from '../parts/refusal-line.tsx'
import { StaffChoice, type StaffMember } from '../parts/staff-choice.tsx'
import { useWindow } from '../window-context.ts'

interface Signer {
  readonly member: StaffMember
  readonly pin: string
}

/** Two different staff members, each with their own PIN, take the reference portrait of a person without one. */
export function EnrolScreen() {
  const { snapshot, texts, send, refused } = useWindow()
  const [signers, setSigners] = useState<readonly Signer[]>([])
  const [choosing, setChoosing] = useState<StaffMember | null>(null)
  const [sent, setSent] = useState(false)

  // Not done: nobody's PIN is kept, both start again.
  useEffect(() => {
    if (refused === null) return
    setSigners([])
    setChoosing(null)
    setSent(false)
  }, [refused])

  const enter = (member: StaffMember, pin: string): void => {
    const [first] = signers
    setChoosing(null)
    if (first === undefined) {
      setSigners([{ member, pin }])
      return
    }
    setSigners([])
    setSent(true)
    send({
      type: 'enrol',
      signers: [
        { actor: first.member.actor, pin: first.pin },
        { actor: member.actor, pin },
      ],
    })
  }
  const others = snapshot.actors.filter(({ actor }) => actor !== signers[0]?.member.actor)
  return (
    <main className="enrol" data-screen="enrol">
      <div className="enrol-side">
        <h1>{texts.enrol.title}</h1>
        <LivePicture good={sent} />
        <PersonLine />
      </div>
      <div className="enrol-steps">
        <ol className="steps">
          <Step
            number={1}
            words={texts.enrol.first}
            name={signers[0]?.member.name ?? null}
            done={signers.length > 0 || sent}
          />
          <Step number={2} words={texts.enrol.second} name={null} done={sent} />
        </ol>
        <RefusalLine />
        {sent ? (
          <p className="working">{texts.enrol.working}</p>
        ) : choosing === null ? (
          <>
            <p className="aside">{texts.enrol.next}</p>
            <StaffChoice staff={others} onChosen={setChoosing} />
          </>
        ) : (
          <>
            <div className="keypad-line">
              <ChosenName
                member={choosing}
                place={signers.length === 0 ? texts.enrol.first : texts.enrol.second}
              />
              <BackButton onBack={() => setChoosing(null)} />
            </div>
            <Keypad key={choosing.actor} onDone={(pin) => enter(choosing, pin)} />
          </>
        )}
        {choosing === null && <CancelButton />}
      </div>
      <Countdown />
    </main>
  )
}

function Step(step: {
  readonly number: number
  readonly words: string
  readonly name: string | null
  readonly done: boolean
}) {
  return (
    <li className={step.done ? 'step step-done' : 'step'}>
      <span className="step-number">{step.done ? <Icon name="check" /> : step.number}</span>
      {step.name ?? step.words}
    </li>
  )
}
