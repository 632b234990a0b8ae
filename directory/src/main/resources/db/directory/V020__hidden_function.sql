-- Function mailboxes that a person has hidden from their own programs (directory.signin.HiddenFunctions): those do not open them, whatever
-- the person's position allows. What function_id names may be gone; it hides nothing then.
create table hidden_function (
    account_id  uuid        not null references account(id) on delete cascade,
    function_id uuid        not null,
    since       timestamptz not null,
    primary key (account_id, function_id)
);
