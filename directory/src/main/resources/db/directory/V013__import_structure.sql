-- An entity or a position that an import changed: as it was (null: it was not there), and a digest of how the import left it. The id is
-- no reference, for undoing an import that made it removes it.
create table import_structure (
    import_id uuid  not null references import,
    id        uuid  not null,
    before    jsonb,
    after     bytea not null,
    primary key (import_id, id)
);
