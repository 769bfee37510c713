import type { ReactNode } from 'react'
import type { Verdict } from '../../station/protocol.ts'

/** One shape for each verdict, so that nobody needs the colour: disc, shield, triangle, clock, stop sign. */
export function VerdictSign({ verdict }: { readonly verdict: Verdict }) {
  return (
    <svg className="verdict-sign" viewBox="0 0 200 200" aria-hidden="true" focusable="false">
      {SIGNS[verdict]}
    </svg>
  )
}

const SIGNS: Readonly<Record<Verdict, ReactNode>> = {
  verified: (
    <>
      <circle className="sign-body" cx="100" cy="100" r="92" />
      <path className="sign-mark" d="M54 104l33 33 62-70" />
    </>
  ),
  witnessed: (
    <>
      <path className="sign-body" d="M100 6l80 28v62c0 50-32 82-80 98-48-16-80-48-80-98V34z" />
      <circle className="sign-mark" cx="84" cy="76" r="24" />
      <path className="sign-mark" d="M46 146c2-26 16-40 38-40 8 0 15 2 21 5M108 136l16 16 32-36" />
    </>
  ),
  doubtful: (
    <>
      <path
        className="sign-body"
        d="M100 14c6 0 11 3 14 8l78 138c6 11-2 24-14 24H22c-12 0-20-13-14-24L86 22c3-5 8-8 14-8z"
      />
      <path className="sign-mark" d="M100 70v52M100 152v.1" />
    </>
  ),
  already: (
    <>
      <rect className="sign-body" x="8" y="8" width="184" height="184" rx="44" />
      <circle className="sign-mark" cx="100" cy="100" r="58" />
      <path className="sign-mark" d="M100 66v38l26 16" />
    </>
  ),
  refused: (
    <>
      <path className="sign-body" d="M62 8h76l54 54v76l-54 54H62L8 138V62z" />
      <path className="sign-mark" d="M66 66l68 68M134 66l-68 68" />
    </>
  ),
}
