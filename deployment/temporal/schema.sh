#!/bin/sh
# Brings Temporal's two databases to the schema of this version. Harmless when they are there already.
set -eu
SQL_PASSWORD="$(cat /run/secrets/temporal_database_password)"
export SQL_PASSWORD

for database in temporal temporal_visibility; do
    folder=temporal
    [ "$database" = temporal ] || folder=visibility
    tool="temporal-sql-tool --plugin postgres12 --ep postgres --port 5432 --user temporal --db $database"
    $tool setup-schema -v 0.0
    $tool update-schema -d "/etc/temporal/schema/postgresql/v12/$folder/versioned"
done
