import type { ReactNode } from 'react'

/** Pictures of the window, drawn on 48x48 in the colour of the text beside them. Meaning is always said in words too. */
export type IconName = keyof typeof DRAWINGS

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" strokeWidth="4" strokeLinecap="round" strokeLinejoin="round">
        {DRAWINGS[name]}
      </g>
    </svg>
  )
}

const PERSON = (
  <>
    <circle cx="24" cy="15" r="8" />
    <path d="M9 42c0-9 6.5-14 15-14s15 5 15 14" />
  </>
)

const DRAWINGS = {
  table: <path d="M6 9h36v30H6zM6 19h36M6 29h36M18 9v30" />,
  calendar: <path d="M7 11h34v30H7zM7 20h34M16 6v9M32 6v9" />,
  money: (
    <>
      <circle cx="24" cy="24" r="18" />
      <path d="M16 13l8 10 8-10M24 23v13M17 25h14M17 31h14" />
    </>
  ),
  archive: <path d="M6 9h36v9H6zM9 18v22h30V18M19 26h10" />,
  download: <path d="M24 6v24M14 21l10 10 10-10M8 41h32" />,
  in: <path d="M20 8h16a4 4 0 0 1 4 4v24a4 4 0 0 1-4 4H20M6 24h22M20 15l9 9-9 9" />,
  out: <path d="M28 8H12a4 4 0 0 0-4 4v24a4 4 0 0 0 4 4h16M20 24h22M34 15l9 9-9 9" />,
  card: (
    <>
      <rect x="5" y="10" width="38" height="28" rx="4" />
      <circle cx="33" cy="20" r="4" />
      <path d="M26 32c1-4 3.5-6 7-6s6 2 7 6M12 19h9M12 27h7" />
    </>
  ),
  reader: (
    <>
      <rect x="6" y="24" width="36" height="16" rx="4" />
      <path d="M14 16c6-5.5 14-5.5 20 0M19 9c3-1.5 7-1.5 10 0M14 32h8" />
    </>
  ),
  scanner: <path d="M6 15V8h8M34 8h8v7M42 33v7h-8M14 40H6v-7M14 17v14M21 17v14M27 17v14M34 17v14" />,
  camera: (
    <>
      <path d="M6 16a4 4 0 0 1 4-4h5l3-4h12l3 4h5a4 4 0 0 1 4 4v20a4 4 0 0 1-4 4H10a4 4 0 0 1-4-4z" />
      <circle cx="24" cy="25" r="8" />
    </>
  ),
  offline: <path d="M15 37h20a9 9 0 0 0 3-17.5A13 13 0 0 0 19 13M11 21a8.5 8.5 0 0 0 4 16M6 6l36 36" />,
  cloud: <path d="M14 37h21a9 9 0 0 0 2-17.8A13 13 0 0 0 12 20a8.6 8.6 0 0 0 2 17zM17 27l5 5 9-9" />,
  upload: <path d="M14 37h-1a9 9 0 0 1-1-17 13 13 0 0 1 25-1 9 9 0 0 1-2 18h-1M24 42V25M17 31l7-7 7 7" />,
  check: <path d="M8 26l11 11L41 12" />,
  cross: <path d="M11 11l26 26M37 11L11 37" />,
  clock: (
    <>
      <circle cx="24" cy="24" r="18" />
      <path d="M24 13v12l8 5" />
    </>
  ),
  alert: (
    <>
      <path d="M24 6L44 41H4z" />
      <path d="M24 20v10M24 35.5v.1" />
    </>
  ),
  face: (
    <>
      <path d="M6 15V9a3 3 0 0 1 3-3h6M33 6h6a3 3 0 0 1 3 3v6M42 33v6a3 3 0 0 1-3 3h-6M15 42H9a3 3 0 0 1-3-3v-6" />
      <path d="M18 19v2M30 19v2M17 30c4 4 10 4 14 0" />
    </>
  ),
  person: PERSON,
  people: (
    <>
      <circle cx="17" cy="16" r="7" />
      <path d="M4 40c0-8 5-13 13-13s13 5 13 13M32 9.5a7 7 0 0 1 0 13M35 28c6 1.5 9 6 9 12" />
    </>
  ),
  witness: (
    <>
      <circle cx="18" cy="15" r="8" />
      <path d="M4 42c0-9 5.5-14 14-14 3 0 5.5.6 7.5 1.7M28 37l5.5 5.5L44 31" />
    </>
  ),
  school: <path d="M4 19L24 8l20 11-20 11zM12 24v11c7 6 17 6 24 0V24M44 19v13" />,
  purpose: (
    <>
      <circle cx="24" cy="24" r="18" />
      <circle cx="24" cy="24" r="9" />
      <path d="M24 24h.1" />
    </>
  ),
  store: (
    <>
      <rect x="9" y="21" width="30" height="21" rx="4" />
      <path d="M15 21v-6a9 9 0 0 1 18 0v6M24 29v5" />
    </>
  ),
  rights: <path d="M24 5l16 6v12c0 10-6.5 17-16 20C14.5 40 8 33 8 23V11zM17 24l5 5 9-10" />,
  speaker: <path d="M6 18v12h8l11 9V9L14 18zM32 17c3.5 4 3.5 10 0 14M37 11c7 7.5 7 18.5 0 26" />,
  stop: <rect x="12" y="12" width="24" height="24" rx="3" />,
  erase: <path d="M17 10h23a4 4 0 0 1 4 4v20a4 4 0 0 1-4 4H17L4 24zM22 18l12 12M34 18L22 30" />,
  arrow: <path d="M6 24h34M27 11l13 13-13 13" />,
  back: <path d="M42 24H8M21 11L8 24l13 13" />,
  hand: (
    <path d="M15 26V11a3.5 3.5 0 0 1 7 0v11V8a3.5 3.5 0 0 1 7 0v14V11a3.5 3.5 0 0 1 7 0v18c0 9-5 14-12 14-6 0-9-2.5-12-8l-4.5-8.5a3.5 3.5 0 0 1 6-3.5z" />
  ),
  nearer: (
    <path d="M24 4v13M18 11l6 6 6-6M24 44V31M18 37l6-6 6 6M4 24h13M11 18l6 6-6 6M44 24H31M37 18l-6 6 6 6" />
  ),
  sun: (
    <>
      <circle cx="24" cy="24" r="9" />
      <path d="M24 3v5M24 40v5M3 24h5M40 24h5M9 9l4 4M35 35l4 4M39 9l-4 4M13 35l-4 4" />
    </>
  ),
  moon: <path d="M40 29A17 17 0 0 1 19 8a17 17 0 1 0 21 21z" />,
  still: (
    <>
      <circle cx="24" cy="24" r="18" />
      <path d="M19 17v14M29 17v14" />
    </>
  ),
  turn: (
    <path d="M8 20c2-8 9-13 17-13 9 0 16 7 17 15M42 8v14H28M40 28c-2 8-9 13-17 13-9 0-16-7-17-15M6 40V26h14" />
  ),
  clipboard: (
    <path d="M17 9h-5a3 3 0 0 0-3 3v27a3 3 0 0 0 3 3h24a3 3 0 0 0 3-3V12a3 3 0 0 0-3-3h-5M17 6h14v7H17zM16 22h16M16 30h10" />
  ),
  inspect: (
    <>
      <circle cx="20" cy="20" r="13" />
      <path d="M30 30l12 12M14.5 20l4 4 7-7" />
    </>
  ),
  plug: <path d="M16 5v11M32 5v11M10 16h28v6a14 14 0 0 1-28 0zM24 36v8" />,
} satisfies Record<string, ReactNode>
