import { useState } from 'react'
import { BackButton, ChosenName } from '../parts/chosen-name.tsx'
import { Icon } from '../parts/icon.tsx'
import { Keypad } from '../parts/keypad.tsx'
import { NextStep } from '../parts/next-step.tsx'
import { StaffChoice, type StaffMember } from '../parts/staff-choice.tsx'
import { useWindow } from '../window-context.ts'
import type { Signer } from './act.ts'

/**
 * One or two people sign, each with their own PIN. PINs live here until the last of them is entered, and go with this
 * page; a second signer is another person than the first.
 */
export function Signing(signing: {
  readonly title: string
  readonly count: 1 | 2
  readonly onSigned: (signers: readonly Signer[]) => void
  readonly onBack: () => void
}) {
  const { snapshot, texts } = useWindow()
  const { sign } = texts.office
  const [signers, setSigners] = useState<readonly Signer[]>([])
  const [choosing, setChoosing] = useState<StaffMember | null>(null)
  const [first] = signers
  const place = signing.count === 1 ? sign.one : first === undefined ? sign.first : sign.second
  const others = snapshot.actors.filter(({ actor }) => actor !== first?.actor)

  const enter = (member: StaffMember, pin: string): void => {
    const all = [...signers, { actor: member.actor, pin }]
    setChoosing(null)
    setSigners(all.length === signing.count ? [] : all)
    if (all.length === signing.count) signing.onSigned(all)
  }
  return (
    <main className="witness office-signing" data-screen="office" data-page="sign">
      <div className="words">
        <div className="sign sign-witness">
          <Icon name="witness" />
        </div>
        <h1>{signing.title}</h1>
        <NextStep icon="person" words={sign.next} />
      </div>
      <div className="witness-steps">
        {choosing === null ? (
          <>
            <h2 data-part="place">{place}</h2>
            <StaffChoice key={place} staff={others} onChosen={setChoosing} />
            <BackButton onBack={signing.onBack} />
          </>
        ) : (
          <>
            <div className="keypad-line">
              <ChosenName member={choosing} />
              <BackButton onBack={() => setChoosing(null)} />
            </div>
            <Keypad key={choosing.actor} onDone={(pin) => enter(choosing, pin)} />
          </>
        )}
      </div>
    </main>
  )
}
