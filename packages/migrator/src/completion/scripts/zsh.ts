import type { MakeScript } from './make-script.ts'

/** A candidate that wants more behind it (`auth@`) gets no blank. */
export const zsh: MakeScript = (asking) => `#compdef db
# zsh completion of db, also as pnpm db
_manybase_db() {
  local -a typed lines whole open
  local line value
  typed=("\${(@Q)words[1,CURRENT-1]}" "\${(Q)PREFIX}")
  lines=("\${(@f)$(${asking} "\${(@)typed}" 2> /dev/null)}")
  [[ $lines[-1] == :files ]] && { _files; return }
  for line in "\${(@)lines[1,-2]}"; do
    value=\${line%%$'\\t'*}
    line=\${value//:/\\\\:}:\${line#*$'\\t'}
    if [[ $value == *[@:=] ]]; then open+=("$line"); else whole+=("$line"); fi
  done
  (( $#whole )) && _describe -t values value whole
  (( $#open )) && _describe -t databases database open -S ''
  return 0
}

_manybase_pnpm() {
  local -a before=("\${(@)words[2,CURRENT-1]}")
  while [[ $before[1] == (-s|--silent|run|exec|-w) ]]; do shift before; done
  if [[ $before[1] == db || $before[1] == db:* ]]; then
    _manybase_db
  elif [[ -n $_manybase_others ]]; then
    $_manybase_others "$@"
  else
    _default
  fi
}

# What completes pnpm so far goes on completing the rest of it.
[[ \${_comps[pnpm]} != _manybase_pnpm ]] && typeset -g _manybase_others=\${_comps[pnpm]}
compdef _manybase_db db
compdef _manybase_pnpm pnpm
`
