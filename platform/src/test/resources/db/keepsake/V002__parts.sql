create table day (
    at   date not null,
    note text not null
) partition by range (at);

create table day_otherwise partition of day default;

-- What a trigger wrote is brought back as it was, not written a second time.
create table tally (things bigint not null);
insert into tally select count(*) from thing;
create function tally_things() returns trigger language plpgsql set search_path = keepsake as $$
begin
    update tally set things = things + (select count(*) from came);
    return null;
end
$$;
create trigger tally_things after insert on thing
    referencing new table as came for each statement execute function tally_things();
