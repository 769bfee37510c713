import { useEffect, useState } from 'react'
import { useWindow } from '../window-context.ts'
import { BackButton, ChosenName } from './chosen-name.tsx'
import { Keypad } from './keypad.tsx'
import { NextStep } from './next-step.tsx'
import { RefusalLine } from './refusal-line.tsx'
import { StaffChoice, type StaffMember } from './staff-choice.tsx'

/** For staff: what is wrong with the camera, and a supervisor's signature that it is the right one. Closes by itself. */
export function CameraCheck(check: {
  readonly camera: 'unknown' | 'changed' | 'virtual'
  readonly onClose: () => void
}) {
  const { camera, onClose } = check
  const { snapshot, texts, send } = useWindow()
  const [chosen, setChosen] = useState<StaffMember | null>(null)
  useEffect(() => {
    const timer = setTimeout(onClose, OPEN_MS)
    return () => clearTimeout(timer)
  }, [onClose])
  const { cameraDetail: detail, actors } = snapshot
  const { say, next } = texts.advice[`camera-${camera}`]
  const enter = (member: StaffMember, pin: string): void => {
    setChosen(null)
    if (detail !== null) send({ type: 'confirm-camera', camera: detail.key, actor: member.actor, pin })
  }
  return (
    <div className="direction-choice camera-check" role="dialog" aria-label={say}>
      <h2>{say}</h2>
      {chosen === null ? (
        <>
          <NextStep words={next} />
          {detail !== null && (
            <p className="aside camera-label" lang="en">
              {detail.label} <code>{detail.reason}</code>
            </p>
          )}
          <RefusalLine />
          {camera !== 'virtual' && (
            <StaffChoice staff={actors.filter(({ role }) => role === 'supervisor')} onChosen={setChosen} />
          )}
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
      <button type="button" className="button button-quiet" onClick={onClose}>
        {texts.button.close}
      </button>
    </div>
  )
}

const OPEN_MS = 60_000
