-- Groups are found as people are (V019): by the beginnings of words of their names and codes.
alter table people_group
    add column words tsvector not null generated always as (find_words(find_fold(name || ' ' || code))) stored;
create index people_group_words on people_group using gin (words) with (fastupdate = off);
