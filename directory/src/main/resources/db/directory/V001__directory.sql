-- Who exists (directory), and how often somebody failed to sign in (directory.signin).
-- Identity is an id made by the program (UUID version 7); codes, addresses and names are attributes that may change.

-- The domains whose mail is ours.
create table domain (
    name text collate "C" primary key check (name = lower(name) and length(name) between 1 and 255),
    made timestamptz not null
);

-- A tree. That it has no cycle is kept by the one writer, which serialises its transactions.
create table entity (
    id        uuid primary key,
    code      text collate "C" not null unique check (length(code) between 1 and 64),
    name      text not null check (length(name) between 1 and 200),
    parent_id uuid references entity check (parent_id <> id),
    made      timestamptz not null
);
create index entity_parent on entity (parent_id);

create table position (
    id        uuid primary key,
    code      text collate "C" not null unique check (length(code) between 1 and 64),
    title     text not null check (length(title) between 1 and 200),
    entity_id uuid not null references entity,
    made      timestamptz not null
);
create index position_entity on position (entity_id);

-- What owns mailboxes.
create table account (
    id           uuid primary key,
    kind         text not null check (kind in ('person', 'function')),
    state        text not null check (state in ('created', 'active', 'suspended', 'closed')),
    display_name text not null check (length(display_name) between 1 and 200),
    made         timestamptz not null,
    changed      timestamptz not null,
    unique (id, kind)
);

-- The constant column makes the reference say: this account is a person's.
create table person (
    id                  uuid primary key,
    account_id          uuid not null unique,
    account_kind        text not null generated always as ('person') stored,
    registration_number text collate "C" unique check (length(registration_number) between 1 and 64),
    given_name          text not null check (length(given_name) between 1 and 100),
    family_name         text not null check (length(family_name) between 1 and 100),
    language            text not null check (language in ('fr', 'en')),
    entity_id           uuid references entity,
    made                timestamptz not null,
    foreign key (account_id, account_kind) references account (id, kind)
);
create index person_entity on person (entity_id);
create index person_name on person (family_name, given_name);

-- Who holds which position, from when, until when; the past stays.
create table assignment (
    id          uuid primary key,
    person_id   uuid not null references person,
    position_id uuid not null references position,
    starts      timestamptz not null,
    ends        timestamptz check (ends > starts),
    made        timestamptz not null,
    unique (person_id, position_id, starts)
);
create index assignment_position on assignment (position_id);

-- Every address that is ours, for ever: an address that was somebody's is never given to another by accident.
create table address (
    -- '+' begins a sub-address (RFC 5233) and '*' separates a function from its holder at sign-in: neither is in an address.
    address    text collate "C" primary key check (address = lower(address) and address !~ '[+*]'),
    domain     text collate "C" not null generated always as (split_part(address, '@', 2)) stored references domain,
    account_id uuid not null references account,
    role       text not null check (role in ('primary', 'alias', 'former')),
    since      timestamptz not null
);
create index address_account on address (account_id);
create index address_domain on address (domain);
create unique index address_primary on address (account_id) where role = 'primary';

-- A mailbox that belongs to a position, whose holders use it, or to an entity.
create table function_mailbox (
    account_id   uuid primary key,
    account_kind text not null generated always as ('function') stored,
    position_id  uuid references position,
    entity_id    uuid references entity,
    foreign key (account_id, account_kind) references account (id, kind),
    check (num_nonnulls(position_id, entity_id) = 1)
);
create index function_mailbox_position on function_mailbox (position_id);
create index function_mailbox_entity on function_mailbox (entity_id);

-- The other positions whose holders use it.
create table function_holder (
    account_id  uuid not null references function_mailbox,
    position_id uuid not null references position,
    access      text not null check (access in ('holder', 'reader')),
    primary key (account_id, position_id)
);
create index function_holder_position on function_holder (position_id);

-- The main password, as a PHC string. Only people have one: nobody signs in to a function.
create table credential (
    account_id   uuid primary key,
    account_kind text not null generated always as ('person') stored,
    hash         text not null check (hash like '$argon2id$%'),
    changed      timestamptz not null,
    foreign key (account_id, account_kind) references account (id, kind)
);

-- What happened at sign-in between one subject and one network (/24, /64) or host. The subject is an account's id, or a
-- UUID of version 8 for a login that nobody has. A mark is the head of the Argon2id tag of a wrong secret, under the salt
-- of the hash it was compared with: it tells whether a secret was seen before, and is as slow to guess from as the hash.
create table sign_in_attempts (
    subject      uuid not null,
    network      cidr not null,
    failures     int not null,
    marks        bigint[] not null,
    failed_at    timestamptz,
    closed_until timestamptz,
    good_at      timestamptz,
    touched      timestamptz not null,
    primary key (subject, network)
);
create index sign_in_attempts_touched on sign_in_attempts (touched);

-- Wrong secrets from one site (/24, /48), all accounts together.
create table sign_in_site (
    site     cidr primary key,
    failures int not null,
    since    timestamptz not null
);
create index sign_in_site_since on sign_in_site (since);
