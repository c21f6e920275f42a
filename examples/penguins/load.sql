-- The sample rows and scikit-learn's own answers.  Run psql in this folder:
--   psql -f load.sql

CREATE TABLE penguins (
    id                integer PRIMARY KEY,
    species           text,
    island            text,
    bill_length_mm    double precision,
    bill_depth_mm     double precision,
    flipper_length_mm integer,
    body_mass_g       integer,
    sex               text,
    year              integer
);
\copy penguins FROM 'penguins.csv' WITH (FORMAT csv, HEADER)

CREATE TABLE penguins_expected (
    id          integer PRIMARY KEY,
    species     text,
    p_adelie    double precision,
    p_chinstrap double precision,
    p_gentoo    double precision
);
\copy penguins_expected FROM 'expected.csv' WITH (FORMAT csv, HEADER)
