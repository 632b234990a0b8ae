create table another_thing(name text primary key);
