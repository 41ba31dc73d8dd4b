-- When each of signing_keys stops signing, in the same order; null for the current one.
alter table destinations add column signing_expires timestamptz[] not null default '{}';

-- The public half of an Ed25519 key; everybody may know it.
alter table destinations add column signing_public_key text;

-- Sealed secrets of the authentication: {field: {sealed, last4}}.
alter table destinations add column credentials jsonb not null default '{}';

-- PEM certificates that are trusted for this destination and its token URL only.
alter table destinations add column trust_anchors text;

-- The URL whose receiver has consented to our requests (CloudEvents handshake), and how many of
-- them a second it allows; null where it allows any.
alter table destinations add column consented_url text;
alter table destinations add column allowed_rate double precision;
