import type { ClaimedFacts } from '../../station/protocol.ts'
import { fill } from '../i18n/languages.ts'
import { useWindow } from '../window-context.ts'

/** Where the class's reference portraits come from: a bar in four shades, and the same in words. */
export function PortraitBar({ portraits }: { readonly portraits: ClaimedFacts['portraits'] }) {
  const { texts } = useWindow()
  const words = texts.visit.facts.portraits
  const total = Math.max(
    1,
    SOURCES.reduce((sum, source) => sum + portraits[source], 0),
  )
  const startOf = (place: number) => SOURCES.slice(0, place).reduce((sum, one) => sum + portraits[one], 0)
  return (
    <div className="visit-portraits">
      <svg className="visit-bar" viewBox={`0 0 ${total} 1`} preserveAspectRatio="none" aria-hidden="true">
        {SOURCES.map((source, place) => (
          <rect
            key={source}
            className={`visit-source-${source}`}
            x={startOf(place)}
            y="0"
            width={portraits[source]}
            height="1"
          />
        ))}
      </svg>
      <ul className="visit-legend">
        {SOURCES.map((source) => (
          <li key={source}>
            <i className={`visit-dot visit-source-${source}`} />
            {fill(words[source], { count: portraits[source] })}
          </li>
        ))}
      </ul>
    </div>
  )
}

const SOURCES = ['chip', 'official', 'enrolled', 'none'] as const
