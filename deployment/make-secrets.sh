#!/bin/sh
# Makes the passwords of the compose file, each in a file of its own. A file that is there is left alone.
set -eu
umask 077
folder="$(dirname "$0")/secrets"
mkdir -p "$folder"
chmod 700 "$folder"
for name in postgres_password temporal_database_password umn_database_password; do
    file="$folder/$name.txt"
    if [ ! -s "$file" ]; then
        # Letters and digits only: these travel through YAML, SQL and addresses.
        head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$file.new"
        # The folder keeps others on this machine out; inside the containers several users read the file.
        chmod 444 "$file.new"
        mv "$file.new" "$file"
        echo "made $file" >&2
    fi
done
