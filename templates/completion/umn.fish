complete -c umn -a '(umn complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
