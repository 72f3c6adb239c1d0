import type { MakeScript } from './make-script.ts'

export const fish: MakeScript = (asking) => `# fish completion of db, also as pnpm db
function __manybase_db
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (${asking} $typed "$current" 2>/dev/null)
    if test "$lines[-1]" = :files
        __fish_complete_path "$current"
    else if test (count $lines) -gt 1
        printf '%s\\n' $lines[1..-2]
    end
end

function __manybase_is_db
    set -l typed (commandline -opc)
    for word in $typed[2..-1]
        switch $word
            case -s --silent run exec -w
            case db 'db:*'
                return 0
            case '*'
                return 1
        end
    end
    return 1
end

complete -c db -f -a '(__manybase_db)'
complete -c pnpm -n __manybase_is_db -f -a '(__manybase_db)'
`
