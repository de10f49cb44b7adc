-- The application's role and the template that every database is copied from.
-- Run once by a superuser: psql -v role=NAME -f template.sql
-- Odoo makes unaccent() immutable to index it, which only its owner may do.
SELECT format('CREATE ROLE %I LOGIN CREATEDB', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
SELECT 'UPDATE pg_database SET datistemplate = false WHERE datname = ''consortium_empty'''
WHERE EXISTS (SELECT FROM pg_database WHERE datname = 'consortium_empty') \gexec
DROP DATABASE IF EXISTS consortium_empty;
CREATE DATABASE consortium_empty TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C';
\connect consortium_empty
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION unaccent;
ALTER FUNCTION unaccent(text) IMMUTABLE;
-- PostgreSQL 15 took this away from PUBLIC; Odoo counts on it.
GRANT CREATE ON SCHEMA public TO PUBLIC;
-- A template may be copied by any role that may create a database; marked last, so
-- that a half-made one is made again.
UPDATE pg_database SET datistemplate = true WHERE datname = 'consortium_empty';
