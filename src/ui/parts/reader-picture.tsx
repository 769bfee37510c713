/** The reader with a card: coming down (`place`), lying still (`read`) or being lifted (`take`). */
export function ReaderPicture({ act }: { readonly act: 'place' | 'read' | 'take' }) {
  return (
    <svg
      className={`reader-picture reader-${act}`}
      viewBox="0 0 520 420"
      aria-hidden="true"
      focusable="false"
    >
      <ellipse className="ground" cx="262" cy="372" rx="214" ry="26" />
      <path className="reader-side" d="M44 318v26c0 12 8 20 22 20h392c14 0 22-8 22-20v-26z" />
      <path
        className="reader-top"
        d="M118 196h288c10 0 18 5 23 14l48 92c8 15-1 30-18 30H65c-17 0-26-15-18-30l48-92c5-9 13-14 23-14z"
      />
      <path className="reader-pad" d="M142 222h240l36 82H106z" />
      <circle className="reader-light" cx="262" cy="349" r="7" />
      {act === 'read' && (
        <g className="waves">
          <path d="M212 128c28-24 72-24 100 0" />
          <path d="M186 98c44-38 108-38 152 0" />
          <path d="M160 68c58-50 146-50 204 0" />
        </g>
      )}
      <g className="moving-card">
        <Card lying={act === 'read'} />
        {act !== 'read' && (
          <path
            className="way"
            d={act === 'place' ? 'M262 172v64M234 212l28 30 28-30' : 'M262 246v-64M234 206l28-30 28 30'}
          />
        )}
      </g>
    </svg>
  )
}

/** The side of a resident card with the portrait on the right. */
function Card({ lying }: { readonly lying: boolean }) {
  return (
    <g transform={lying ? 'matrix(1 0 0 0.42 0 214)' : undefined}>
      <rect className="card-body" x="152" y={lying ? 36 : 6} width="220" height="140" rx="14" />
      <g transform={lying ? 'translate(0 30)' : undefined}>
        <g className="card-lines">
          <path d="M174 40h84M174 66h60M174 92h72" />
          <path className="card-number" d="M174 124h176" />
        </g>
        <rect className="card-photo" x="284" y="26" width="66" height="80" rx="6" />
        <circle className="card-head" cx="317" cy="56" r="15" />
        <path className="card-head" d="M290 106c2-20 12-30 27-30s25 10 27 30z" />
      </g>
    </g>
  )
}
