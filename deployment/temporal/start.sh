#!/bin/sh
# Starts the Temporal server of the image. It knows no password files, so the password is read here.
set -eu
POSTGRES_PWD="$(cat /run/secrets/temporal_database_password)"
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
