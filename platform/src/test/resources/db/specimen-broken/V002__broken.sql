create table broken_thing(name nonsense);
