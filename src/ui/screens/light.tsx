import { useEffect, useRef, useState } from 'react'
import { LivePicture } from '../parts/live-picture.tsx'
import { PersonLine } from '../parts/person-line.tsx'
import { useWindow } from '../window-context.ts'

/**
 * The screen as a lamp: one colour after the other around the picture, at the times that the station set. Each is
 * acknowledged when it has been painted, because only the window knows when that was.
 */
export function LightScreen() {
  const { snapshot, texts, send } = useWindow()
  const { light } = snapshot
  const [step, setStep] = useState(-1)
  const acknowledged = useRef(-1)
  useEffect(() => {
    if (light === null) return
    const timers = light.map(({ from }, i) => setTimeout(() => setStep(i), Math.max(0, from - Date.now())))
    return () => timers.forEach(clearTimeout)
  }, [light])
  useEffect(() => {
    if (step < 0 || step === acknowledged.current) return
    // The first callback is before the paint, the second after it.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        acknowledged.current = step
        send({ type: 'painted', step })
      })
    })
    return () => cancelAnimationFrame(frame)
  }, [step, send])
  return (
    <main
      className="looking light"
      data-screen="light"
      style={{ backgroundColor: light?.[step]?.colour ?? '#ffffff' }}
    >
      <LivePicture good />
      <div className="words">
        <p className="hint hint-good" aria-live="polite">
          <span>{texts.light.title}</span>
        </p>
        <PersonLine />
      </div>
    </main>
  )
}
