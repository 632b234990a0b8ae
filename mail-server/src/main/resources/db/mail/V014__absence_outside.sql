-- What people outside the State's domains are told of an absence: the same as everybody when null, nothing when empty.
alter table vacation add column outside_text text;
