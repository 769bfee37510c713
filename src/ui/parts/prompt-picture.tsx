import type { ReactNode } from 'react'
import type { PromptKind } from '../../station/protocol.ts'

/**
 * A head that does what is asked, and an arrow: understood without reading. Drawn as a mirror, so that the person's left
 * is on the left. Whoever wants less motion sees the movement's end.
 */
export function PromptPicture({ kind }: { readonly kind: PromptKind }) {
  return (
    <svg
      className={`prompt-picture prompt-${kind}`}
      viewBox="0 0 240 240"
      aria-hidden="true"
      focusable="false"
    >
      <g className="prompt-head" fill="none" stroke="currentColor" strokeWidth="7" strokeLinecap="round">
        <path className="prompt-shoulders" d="M52 236c4-30 30-44 68-44s64 14 68 44" />
        <ellipse className="prompt-skin" cx="120" cy="106" rx="62" ry="78" />
        <g className="prompt-features" strokeLinejoin="round">
          <circle cx="96" cy="94" r="5" fill="currentColor" />
          <circle cx="144" cy="94" r="5" fill="currentColor" />
          <path d="M120 96v26h-9" />
          {kind === 'open-mouth' ? (
            <ellipse className="prompt-mouth" cx="120" cy="150" rx="17" ry="16" fill="currentColor" />
          ) : (
            <path d="M103 148c10 8 24 8 34 0" />
          )}
        </g>
      </g>
      <g
        className="prompt-arrow"
        fill="none"
        strokeWidth="12"
        strokeLinecap="round"
        strokeLinejoin="round"
        stroke="currentColor"
      >
        {ARROWS[kind]}
      </g>
    </svg>
  )
}

const ARROWS: Readonly<Record<PromptKind, ReactNode>> = {
  'turn-left': <path d="M44 106H10M24 88L8 106l16 18" />,
  'turn-right': <path d="M196 106h34M216 88l16 18-16 18" />,
  'look-up': <path d="M214 76V26M196 44l18-20 18 20" />,
  'look-down': <path d="M214 136v50M196 168l18 20 18-20" />,
  'open-mouth': <path d="M208 122v-26M196 108l12-14 12 14M208 160v26M196 174l12 14 12-14" />,
  'come-closer': <path d="M22 22l22 22M24 46h22V24M218 22l-22 22M194 24v22h22" />,
}
