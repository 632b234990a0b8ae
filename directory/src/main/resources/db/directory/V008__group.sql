-- Groups of people, and the addresses by which one writes to them.

create table people_group (
    id        uuid primary key,
    code      text collate "C" not null unique check (length(code) between 1 and 64),
    name      text not null check (length(name) between 1 and 200),
    entity_id uuid not null references entity, -- to which it belongs: who has the right there says who is in it
    made      timestamptz not null
);
create index people_group_entity on people_group (entity_id);

-- Who is to be in a group: an account, whoever holds a position, whoever is in another group, or people by what they are.
create table group_member (
    group_id        uuid not null references people_group on delete cascade,
    account_id      uuid references account,
    position_id     uuid references position,
    member_group_id uuid references people_group check (member_group_id <> group_id),
    by_rule         boolean not null default false,
    -- A rule: people of this entity or below it (null: of the State), who read this language, whose position is so called.
    rule_entity_id  uuid references entity,
    rule_language   text,
    rule_title      text,
    check (num_nonnulls(account_id, position_id, member_group_id) + by_rule::int = 1),
    check (by_rule or num_nonnulls(rule_entity_id, rule_language, rule_title) = 0)
);
create index group_member_group on group_member (group_id);
create index group_member_account on group_member (account_id);
create index group_member_position on group_member (position_id);
create index group_member_member on group_member (member_group_id);
create index group_member_rule on group_member (rule_entity_id) where by_rule;

-- Who is in a group now, through other groups too: computed again by every act that may change it, in its transaction.
create table group_membership (
    group_id   uuid not null references people_group on delete cascade,
    account_id uuid not null references account,
    primary key (group_id, account_id)
);
create index group_membership_account on group_membership (account_id);

-- A mailing list is an account without mailboxes: its address delivers to those who are in its group.
alter table account drop constraint account_kind_check;
alter table account add constraint account_kind_check check (kind in ('person', 'function', 'list'));

create table mailing_list (
    account_id   uuid primary key,
    account_kind text not null generated always as ('list') stored,
    group_id     uuid not null unique references people_group,
    writers      text not null check (writers in ('anyone', 'state', 'members')),
    owner_id     uuid not null references account, -- who is told what could not be delivered (RFC 5321 section 3.9.2)
    foreign key (account_id, account_kind) references account (id, kind)
);
create index mailing_list_owner on mailing_list (owner_id);

create or replace view account_place(account_id, entity_id) as
    select account_id, entity_id from person
    union all
    select f.account_id, coalesce(f.entity_id, p.entity_id)
    from function_mailbox f left join position p on p.id = f.position_id
    union all
    select l.account_id, g.entity_id from mailing_list l join people_group g on g.id = l.group_id;

insert into ldap_indexed(attr) values ('memberof');
alter table ldap_entry drop constraint ldap_entry_source_check;
alter table ldap_entry add constraint ldap_entry_source_check check (source in ('entity', 'position', 'function', 'group', 'person'));
