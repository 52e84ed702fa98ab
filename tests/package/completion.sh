#!/bin/sh
# What bash and zsh themselves make of the scripts. Usage: completion.sh TRAITSYNC
set -eu
program=${1:?usage: completion.sh TRAITSYNC}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0

"$program" completion bash >"$folder/traitsync.bash"
"$program" completion zsh >"$folder/_traitsync"
touch "$folder/a.toml"

# in_bash WORDS…: what bash offers for the last word.
in_bash() {
    (cd "$folder" && bash --norc -c '
        . ./traitsync.bash
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _traitsync
        echo "${COMPREPLY[@]}"' bash "$@")
}
# expect WANTED GOT WHERE
expect() {
    [ "$1" = "$2" ] || { echo "$3: expected \"$1\", not \"$2\""; failed=1; }
}

expect "dead demo destination" "$(in_bash traitsync de | tr " " "\n" | sort | tr "\n" " " | sed "s, $,,")" "bash, a command"
expect "resend keep" "$(in_bash traitsync run --destination '')" "bash, an option's value"
expect "list" "$(in_bash traitsync dead li)" "bash, a command below a command"
expect "--reason" "$(in_bash traitsync dead retry --re)" "bash, an option of it"
expect "too_large" "$(in_bash traitsync dead retry --reason too)" "bash, the option's value"
expect "discard" "$(in_bash traitsync brake dis)" "bash, an argument"
expect "a.toml" "$(in_bash traitsync check -c a.t)" "bash, a file"
expect "--dry-run" "$(in_bash traitsync replay --user list --dry)" "bash, a value that looks like a command"
expect "" "$(in_bash traitsync replay --user '')" "bash, a value that nobody knows"

if ! command -v zsh >/dev/null 2>&1; then
    echo "zsh is not here"
    exit 1
fi
# A zsh on a terminal of its own, in which a key lists or completes.
cat >"$folder/drive.zsh" <<'Z'
zmodload zsh/zpty
cd $1
zpty shell "TERM=dumb zsh -f -i"
zpty -w shell "PROMPT=; unsetopt zle_bracketed_paste; fpath=($1 \$fpath); autoload -Uz compinit && compinit -u -d $1/dump; zstyle ':completion:*' list-prompt ''; zstyle ':completion:*' menu no"
zpty -w shell 'echo rea''dy'
zpty -r shell answer '*ready*' || exit 1
# The completed line is run: its command prints it.
zpty -w shell 'traitsync() { print -r -- "go""t:${*}" en""d }'
zpty -w -n shell "$2"$'\t'$'\n'
zpty -r shell answer '*got:* end*' || exit 1
answer=${answer##*got:}
print -r -- "${answer%% end*}"
zpty -d shell
Z
in_zsh() { timeout "${ZSH_LIMIT:-20}" zsh -f -o extendedglob "$folder/drive.zsh" "$folder" "$1" || echo "no answer"; }
expect "destination" "$(in_zsh 'traitsync dest')" "zsh, a command"
expect "dead discard" "$(in_zsh 'traitsync dead dis')" "zsh, a command below a command"
expect "run --destination keep" "$(in_zsh 'traitsync run --destination k')" "zsh, an option's value"
expect "pull full" "$(in_zsh 'traitsync pull fu')" "zsh, an argument"
expect "check -c a.toml" "$(in_zsh 'traitsync check -c a.t')" "zsh, a file"

# Who reads no further (head) hears no complaint.
mkfifo "$folder/pipe"
exec 3<>"$folder/pipe" 4>"$folder/pipe" 3<&-
"$program" completion bash >&4 2>"$folder/words" && said=done || said=$?
exec 4>&-
expect "1 " "$said $(cat "$folder/words")" "a reader that has left"
[ "$failed" -eq 0 ] && echo "both complete"
exit $failed
