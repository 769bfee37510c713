import type { Texts } from '../i18n/texts.ts'

/** On every screen while hardware or clock is simulated: nobody may take this for the real thing. */
export function SimulatedStripe({ texts }: { readonly texts: Texts }) {
  return (
    <div className="stripe" role="note" data-part="simulated">
      <span>{texts.simulated}</span>
    </div>
  )
}
