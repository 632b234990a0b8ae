-- A code is 80 bits drawn at random: a salted SHA-256 keeps it as well as Argon2id does, and letters for a whole ministry are made at once.
-- Codes of letters that are on their way keep the hash that they have.
alter table activation_code
    drop constraint activation_code_hash_check,
    add constraint activation_code_hash_check check (hash like '$argon2id$%' or hash like '{SSHA256}%');
