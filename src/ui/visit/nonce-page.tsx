import { useEffect, useState } from 'react'
import { fill } from '../i18n/languages.ts'
import { useWindow } from '../window-context.ts'
import type { Lock } from './draw-page.tsx'
import { nonceOf, randomNonce, shortHex, stirred } from './nonce.ts'
import { QrPicture } from './qr-picture.tsx'
import { useDoing } from './use-doing.ts'
import { FootButton, VisitPage } from './visit-page.tsx'
import { useSeat } from './visit-seat.ts'

/** The station's commitment first, for a photograph; then the inspector's number, and the draw. */
export function NoncePage(page: {
  readonly classId: string
  readonly lock: Lock
  readonly onDrawn: () => Promise<void>
  /** The lock is no good any more: another has to be made. */
  readonly onVoid: () => void
  readonly onBack: () => void
}) {
  const { texts, takeScans } = useWindow()
  const { mark } = useSeat()
  const { code, isWorking, run } = useDoing()
  const words = texts.visit.nonce
  const { commitment, k } = page.lock
  const [random, setRandom] = useState(randomNonce)
  const [own, setOwn] = useState('')
  const [ownNonce, setOwnNonce] = useState('')
  useEffect(() => takeScans((text) => setOwn(text.slice(0, LONGEST))), [takeScans])
  useEffect(() => {
    let isGone = false
    void nonceOf(own).then((nonce) => isGone || setOwnNonce(nonce))
    return () => {
      isGone = true
    }
  }, [own])
  const hasOwn = own.trim() !== ''

  const draw = (): void =>
    run(async () => {
      const nonce = hasOwn ? await nonceOf(own) : random
      await mark(page.classId, { act: 'visit.draw', k, nonce, commitment })
      await page.onDrawn()
    })
  return (
    <VisitPage
      name="nonce"
      title={words.title}
      next={words.next}
      code={code}
      onBack={code === null ? page.onBack : page.onVoid}
      isBeside
      aside={
        code === null && (
          <>
            <p className="visit-line">{words.bound}</p>
            <p className="visit-line">{words.why}</p>
          </>
        )
      }
      foot={
        <>
          <button
            type="button"
            className="button button-quiet"
            data-visit="stir"
            disabled={hasOwn}
            onClick={({ timeStamp }) => void stirred(random, timeStamp).then(setRandom)}
          >
            {words.stir}
          </button>
          <FootButton name="draw" words={words.draw} onTouch={draw} isDisabled={isWorking} isMain />
        </>
      }
    >
      <div className="visit-lock">
        <QrPicture text={commitment} label={fill(words.fingerprint, { short: shortHex(commitment) })} />
        <p className="visit-line" data-part="commitment">
          {fill(words.fingerprint, { short: shortHex(commitment) })}
        </p>
      </div>
      <input
        className="office-input"
        name="nonce"
        aria-label={words.own}
        placeholder={words.own}
        title={words.why}
        value={own}
        maxLength={LONGEST}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setOwn(target.value)}
      />
      {(!hasOwn || ownNonce !== own.trim().toLowerCase()) && (
        <p className="visit-line" data-part="nonce">
          {fill(hasOwn ? words.hashed : words.window, { short: shortHex(hasOwn ? ownNonce : random) })}
        </p>
      )}
    </VisitPage>
  )
}

const LONGEST = 200
