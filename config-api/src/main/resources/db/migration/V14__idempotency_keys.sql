-- What was published under an Idempotency-Key: for a day the same request gets the same answer. No
-- reference to tenants: a publisher's tenant may have no destination yet, hence no row there.
create table idempotency_keys (
  tenant text not null,
  -- SHA-256 of the key, which people make of whatever they have.
  key_hash bytea not null,
  -- SHA-256 of the request, which must be the same again.
  request_hash bytea not null,
  -- Of the first request; the time and the id of its events are made of it.
  created_at timestamptz not null,
  -- Null until Kafka has confirmed.
  answer jsonb,
  primary key (tenant, key_hash)
);
create index on idempotency_keys (created_at);

grant select, insert, update on idempotency_keys to postrider_api;
grant select (created_at), delete on idempotency_keys to postrider_system;

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy own on idempotency_keys to postrider_api
  using (tenant = (select nullif(current_setting('app.tenant', true), '')))
  with check (tenant = (select nullif(current_setting('app.tenant', true), '')));
create policy system on idempotency_keys to postrider_system using (true) with check (true);
