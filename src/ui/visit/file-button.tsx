import { Icon, type IconName } from '../parts/icon.tsx'

/** A button that opens the system's choice of files. */
export function FileButton(button: {
  readonly name: string
  readonly words: string
  readonly onFiles: (files: readonly File[]) => void
  readonly many?: boolean
  readonly accept?: string
  readonly icon?: IconName
}) {
  return (
    <label className="button office-file">
      <Icon name={button.icon ?? 'clipboard'} />
      {button.words}
      <input
        className="unseen"
        type="file"
        name={button.name}
        multiple={button.many === true}
        accept={button.accept}
        onChange={({ target }) => {
          const chosen = [...(target.files ?? [])]
          // The same file may be chosen again after something was wrong with it.
          target.value = ''
          if (chosen.length > 0) button.onFiles(chosen)
        }}
      />
    </label>
  )
}
