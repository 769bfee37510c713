import { Icon, type IconName } from './icon.tsx'

/** The one thing to do now. */
export function NextStep(step: { readonly words: string; readonly icon?: IconName }) {
  return (
    <p className="next-step" data-part="next">
      <Icon name={step.icon ?? 'arrow'} />
      <span>{step.words}</span>
    </p>
  )
}
