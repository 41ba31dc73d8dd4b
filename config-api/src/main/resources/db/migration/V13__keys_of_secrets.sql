-- The keys, eight hexadecimal digits each, that have sealed something: bytes 2 to 5 of what Tink makes. PostgreSQL keeps
-- account itself, so that no way of writing a secret can forget to.
create function sealing_keys(sealed text[]) returns text[] language sql immutable
return (
  select coalesce(array_agg(distinct encode(substring(decode(one, 'base64') from 2 for 4), 'hex')), '{}')
  from unnest(sealed) one where one is not null
);
create function sealed_credentials(credentials jsonb) returns text[] language sql immutable
return array(select jsonb_path_query(credentials, '$.*.sealed') #>> '{}');

alter table destinations add column sealing_keys text[] not null
  generated always as (sealing_keys(signing_keys || sealed_credentials(credentials))) stored;
alter table oauth_grants add column sealing_keys text[] not null
  generated always as (sealing_keys(array[access_token, refresh_token, client_key])) stored;
alter table oauth_states add column sealing_keys text[] not null
  generated always as (sealing_keys(array[verifier])) stored;

-- What older keys have sealed is looked for every few minutes.
create index on destinations using gin (sealing_keys);
create index on oauth_grants using gin (sealing_keys);

-- Which keys are in use; still not what they have sealed.
grant select (sealing_keys) on destinations, oauth_grants to postrider_system;
