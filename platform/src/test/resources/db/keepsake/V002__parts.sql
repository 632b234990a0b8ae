create table day (
    at   date not null,
    note text not null
) partition by range (at);

create table day_otherwise partition of day default;
