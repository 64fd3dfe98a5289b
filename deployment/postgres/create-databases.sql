-- Run by the PostgreSQL image once, when its volume is empty: one role per user of the server, each
-- owning its databases and nothing else.
\set temporal_password `cat /run/secrets/temporal_database_password`
\set umn_password `cat /run/secrets/umn_database_password`

CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;

CREATE ROLE umn LOGIN PASSWORD :'umn_password';
CREATE DATABASE umn OWNER umn;

REVOKE CONNECT ON DATABASE temporal, temporal_visibility, umn FROM PUBLIC;
