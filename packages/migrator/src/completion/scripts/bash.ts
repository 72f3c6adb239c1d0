import type { MakeScript } from './make-script.ts'

/**
 * Words of the line are handed over as they are and never evaluated: a line that is not finished may hold
 * anything. bash begins a word after `:` and `=` as well, and at `@`, so what stands before is taken off the
 * candidates.
 */
export const bash: MakeScript = (asking) => `# bash completion of db, also as pnpm db
_manybase_db() {
  local line=\${COMP_LINE:0:COMP_POINT} out word breaks before='' value description
  local -a words
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  out=$(${asking} "\${words[@]}" 2> /dev/null) || return 0
  word=\${words[\${#words[@]}-1]}
  COMPREPLY=()
  if [[ \${out##*$'\\n'} == :files ]]; then
    compopt -o filenames 2> /dev/null
    while read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]#=}")
    return 0
  fi
  breaks=$(_manybase_breaks)
  [[ -n $breaks && $word == *["$breaks"]* ]] && before=\${word%"\${word##*["$breaks"]}"}
  before=\${before%@}
  while IFS=$'\\t' read -r value description; do
    [[ -n $value && $value != :values ]] && COMPREPLY+=("\${value#"$before"}")
  done <<< "$out"
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *[@:=] ]] && compopt -o nospace 2> /dev/null
  return 0
}

_manybase_breaks() {
  local each
  for each in @ : =; do [[ $COMP_WORDBREAKS == *"$each"* ]] && printf %s "$each"; done
}

_manybase_pnpm() {
  if [[ \${COMP_LINE:0:COMP_POINT} =~ ^[[:space:]]*pnpm[[:space:]]+((-s|--silent|run|exec|-w)[[:space:]]+)*db[[:space:]:] ]]; then
    _manybase_db "$@"
  elif [[ -n $_manybase_others ]]; then
    "$_manybase_others" "$@"
  fi
}

# What completes pnpm so far goes on completing the rest of it.
_manybase_found=$(complete -p pnpm 2> /dev/null)
if [[ $_manybase_found =~ -F\\ ([^ ]+) && \${BASH_REMATCH[1]} != _manybase_pnpm ]]; then
  _manybase_others=\${BASH_REMATCH[1]}
fi
unset _manybase_found

complete -F _manybase_db db
complete -o default -F _manybase_pnpm pnpm
`
