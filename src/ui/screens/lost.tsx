import type { Connection } from '../channel.ts'
import type { Advice, Texts } from '../i18n/texts.ts'
import { Icon } from '../parts/icon.tsx'
import { NextStep } from '../parts/next-step.tsx'

/** The window has no station: nothing that it last knew may be believed, so nothing of it is shown. */
export function LostScreen({
  connection,
  texts,
}: {
  readonly connection: Connection
  readonly texts: Texts
}) {
  const { say, next } = adviceOf(connection, texts)
  return (
    <main className="scene lost" data-screen="lost" data-connection={connection}>
      <div className="sign sign-warning">
        <Icon name="plug" />
      </div>
      <div className="words">
        <h1>{say}</h1>
        <NextStep words={next} />
      </div>
    </main>
  )
}

function adviceOf(connection: Connection, texts: Texts): Advice {
  if (connection === 'barred') return texts.noToken
  if (connection === 'replaced') return texts.replaced
  return texts.lost
}
