#include "cli/complete.hh"

namespace hopyard::cli {
namespace {

// bash splits words at ':' and '=', which Hopyard's names contain: so the line is handed over whole.
constexpr std::string_view bash = R"(# bash completion for hopyard
_hopyard() {
    local line also=
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            :*) also=$line ;;
            *) COMPREPLY+=("${line%%$'\t'*}") ;;
        esac
    done < <("${COMP_WORDS[0]}" __complete --shell bash --breaks "$COMP_WORDBREAKS" -- "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
    case $also in
        :files)
            compopt -o filenames 2>/dev/null
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}") ;;
        :commands)
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}") ;;
    esac
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]]; then compopt -o nospace 2>/dev/null; fi
    return 0
}
complete -F _hopyard hopyard
)";

constexpr std::string_view zsh = R"(#compdef hopyard
# zsh completion for hopyard
_hopyard() {
    local line also= word about
    local -a plain open
    while IFS= read -r line; do
        if [[ $line == :* ]]; then
            also=$line
            continue
        fi
        word=${line%%$'\t'*}
        about=${line#*$'\t'}
        if [[ $word == *[=/] ]]; then
            open+=("${word//:/\\:}:$about")
        else
            plain+=("${word//:/\\:}:$about")
        fi
    done < <("${words[1]}" __complete --shell zsh -- "${(@)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)
    (( ${#plain} )) && _describe -t hopyard 'hopyard' plain
    (( ${#open} )) && _describe -t hopyard 'hopyard' open -S ''
    case $also in
        :files) _files ;;
        :commands) _command_names -e ;;
    esac
    return 0
}
if [[ ${funcstack[1]} == _hopyard ]]; then
    _hopyard "$@"
else
    compdef _hopyard hopyard
fi
)";

constexpr std::string_view fish = R"(# fish completion for hopyard
function __hopyard_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete --shell fish -- $words[2..-1] "$current" 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path $current
            case ':commands'
                __fish_complete_command
            case '*'
                echo $line
        end
    end
end
complete -c hopyard -f -a '(__hopyard_complete)'
)";

}  // namespace

std::string_view completion_script(std::string_view shell) {
  if (shell == "bash") return bash;
  if (shell == "zsh") return zsh;
  if (shell == "fish") return fish;
  return {};
}

}  // namespace hopyard::cli
