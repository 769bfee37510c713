import { useEffect, useState } from 'react'
import { adviceFor } from '../advice.ts'
import { CancelButton } from '../parts/cancel-button.tsx'
import { BackButton, ChosenName } from '../parts/chosen-name.tsx'
import { Countdown } from '../parts/countdown.tsx'
import { Icon } from '../parts/icon.tsx'
import { Keypad } from '../parts/keypad.tsx'
import { PersonLine } from '../parts/person-line.tsx'
import { RefusalLine } from '../parts/refusal-line.tsx'
import { StaffChoice, type StaffMember } from '../parts/staff-choice.tsx'
import { useWindow } from '../window-context.ts'

/** The equal lane: a supervisor compares card and person and says so with their own PIN. */
export function WitnessScreen() {
  const { snapshot, texts, send, refused } = useWindow()
  const [chosen, setChosen] = useState<StaffMember | null>(null)
  const [sent, setSent] = useState(false)
  useEffect(() => {
    if (refused !== null) setSent(false)
  }, [refused])

  const enter = (member: StaffMember, pin: string): void => {
    setSent(true)
    send({ type: 'witness', actor: member.actor, pin })
  }
  // The station takes nobody else's word here; whoever could not help is not offered.
  const supervisors = snapshot.actors.filter(({ role }) => role === 'supervisor')
  const why = snapshot.message === null ? null : texts.advice[adviceFor(snapshot.message, texts).advice].say
  return (
    <main className="witness" data-screen="witness">
      <div className="words">
        <div className="sign sign-witness">
          <Icon name="witness" />
        </div>
        <h1>{texts.witness.title}</h1>
        <p className="aside">{why}</p>
        <p className="next-step" data-part="next">
          <Icon name="card" />
          <span>{texts.witness.next}</span>
        </p>
        <PersonLine />
      </div>
      <div className="witness-steps">
        <RefusalLine />
        {sent ? (
          <p className="working">{texts.witness.working}</p>
        ) : chosen === null ? (
          <>
            <h2>{texts.witness.choose}</h2>
            <StaffChoice staff={supervisors} onChosen={setChosen} />
          </>
        ) : (
          <>
            <div className="keypad-line">
              <ChosenName member={chosen} />
              <BackButton onBack={() => setChosen(null)} />
            </div>
            <Keypad key={chosen.actor} onDone={(pin) => enter(chosen, pin)} />
          </>
        )}
        {(chosen === null || sent) && <CancelButton />}
      </div>
      <Countdown />
    </main>
  )
}
