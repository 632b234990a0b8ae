-- People are found by the beginnings of words of their names and registration numbers (directory.provisioning.PeopleIndex), and shown in
-- the order of their names. PostgreSQL keeps both, whoever writes the row.

-- Folded, without what nobody sees or types: marks of vowels, soft hyphens, directions.
create function find_fold(written text) returns text language sql immutable parallel safe strict
return regexp_replace(ldap_fold(written),
    '[\u00ad\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]',
    '', 'g');

-- With this in the place of each sign that stands between letters.
create function find_between(folded text, instead text) returns text language sql immutable parallel safe strict
return translate(folded,
    '''-.,;:/\()[]{}<>&"!?*%_@+=#|~^$' || U&'\2010\2012\2013\2014\2015\00B7\2022\00AB\00BB\201C\201D\201E\2032\2033',
    repeat(instead, 45));

-- The words of what was folded: what stands between signs, the whole without them, and what stands between others than apostrophes;
-- d'Almeida is found by d, almeida and dalmeida, and Ouro-Bang'na by bangna too.
create function find_words(folded text) returns tsvector language sql immutable parallel safe strict
return array_to_tsvector(array_remove(
    string_to_array(find_between(folded, ' '), ' ') || string_to_array(find_between(folded, ''), ' ')
        || string_to_array(find_between(replace(folded, '''', ''), ' '), ' '), ''));

-- What finds those in whom every word of a text begins a word; null for a text without a word.
create function find_query(sought text) returns tsquery language sql immutable parallel safe strict
return (
    select string_agg(
        case when cardinality(parts) = 1 then beginnings else '(' || whole || ' | (' || beginnings || '))' end, ' & ')::tsquery
    from unnest(string_to_array(find_fold(sought), ' ')) as term
        cross join lateral (select array_remove(string_to_array(find_between(term, ' '), ' '), '') as parts) apart
        cross join lateral (
            select string_agg(quote_literal(part) || ':*', ' & ') as beginnings from unnest(parts) as part) begun
        cross join lateral (select quote_literal(find_between(term, '')) || ':*' as whole) together
    where cardinality(parts) > 0);

-- The number first: a fold ends somewhere, and very long names may lose their end.
alter table person
    add column words tsvector not null generated always as (
        find_words(find_fold(coalesce(registration_number, '') || ' ' || family_name || ' ' || given_name))) stored,
    add column name_order text collate "C" not null generated always as (find_fold(family_name || ' ' || given_name)) stored;

-- Without a list of what is to be indexed later: whoever finds would read it through.
create index person_words on person using gin (words) with (fastupdate = off);

-- Where a text finds very many, this order is walked.
create index person_name_order on person (name_order, account_id);
