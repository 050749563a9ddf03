#!/bin/bash
# Runs once, when the postgres container makes its data folder: two roles and two databases (docs/adr/0004).
# lltp_owner owns and migrates; lltp_app runs, owns nothing, and may neither define nor truncate.
set -euo pipefail
psql -v ON_ERROR_STOP=1 --username postgres --dbname postgres \
  -v owner_password="$(cat /run/secrets/lltp_owner_password)" -v app_password="$(cat /run/secrets/lltp_app_password)" <<'SQL'
CREATE ROLE lltp_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
CREATE ROLE lltp_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
CREATE DATABASE lltp OWNER lltp_owner TEMPLATE template0;
CREATE DATABASE lltp_central OWNER lltp_owner TEMPLATE template0;
REVOKE ALL ON DATABASE lltp, lltp_central FROM PUBLIC;
GRANT CONNECT ON DATABASE lltp, lltp_central TO lltp_app;
\connect lltp
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
\connect lltp_central
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION btree_gist;
CREATE EXTENSION unaccent;
SQL
