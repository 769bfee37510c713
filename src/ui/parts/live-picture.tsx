import { useEffect, useRef } from 'react'
import { useWindow } from '../window-context.ts'
import { Icon } from './icon.tsx'

/** The mirrored live picture with an oval for the face; `good` when the person only has to hold still. */
export function LivePicture({ good }: { readonly good: boolean }) {
  const { stream, texts } = useWindow()
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream
  }, [stream])
  if (stream === null) {
    return (
      <div className="live live-missing">
        <Icon name="camera" />
        <p>{texts.looking.noPicture}</p>
      </div>
    )
  }
  return (
    <div className={good ? 'live live-good' : 'live'}>
      <video ref={video} className="mirrored" autoPlay muted playsInline />
      <svg className="guide" viewBox="0 0 640 480" preserveAspectRatio="none" aria-hidden="true">
        <path
          className="guide-shade"
          fillRule="evenodd"
          d="M0 0h640v480H0zM320 46c84 0 136 72 136 174 0 112-62 206-136 206s-136-94-136-206c0-102 52-174 136-174z"
        />
        <path
          className="guide-oval"
          d="M320 46c84 0 136 72 136 174 0 112-62 206-136 206s-136-94-136-206c0-102 52-174 136-174z"
        />
      </svg>
    </div>
  )
}
