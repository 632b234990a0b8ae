-- What pages show of a file: which of its columns is which of ours, as a text in TOML; why it is imported only by whoever says it is
-- wanted (more than 2 % of the people renamed or removed); and of each problem, what is wrong without where.
alter table import_file
    add column mapping text not null default '' check (length(mapping) <= 65536),
    add column guard text;
alter table import_file_line add column what text not null default '';

-- Imports of one account, the last one first, a page at a time.
create index import_asked on import (asked_by, id);
