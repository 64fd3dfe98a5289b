#compdef umn
_umn() {
    local -a offered
    offered=("${(@f)$(${words[1]} complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -a offered || _files
}
compdef _umn umn ./umn
