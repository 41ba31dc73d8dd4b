-- A tenant's own settings in the shape of the API; what they leave open is the operator's default.
alter table tenants
  add column version bigint not null default 1,
  add column settings jsonb not null default '{}',
  add column updated_at timestamptz not null default now(),
  -- Its place in lists.
  add column uid uuid not null default uuidv7();
create unique index on tenants (uid);

-- The platform's own people see all of them; whoever changes one does it in a transaction of that tenant.
grant update (version, settings, updated_at) on tenants to postrider_api;
grant select on tenants to postrider_system;
create policy system on tenants for select to postrider_system using (true);

create table api_keys (
  tenant text not null references tenants,
  id uuid not null,
  name text not null,
  roles text[] not null,
  -- SHA-256 of the key, which has 256 random bits: nobody finds it by trying.
  hash bytea not null,
  last4 text not null,
  expires_at timestamptz,
  created_at timestamptz not null,
  created_by text not null,
  last_used_at timestamptz,
  primary key (tenant, id)
);
-- Whose a key is, is what the key is asked for.
create unique index on api_keys (id);

grant select, insert, delete on api_keys to postrider_api;
grant select (tenant, id, roles, hash, expires_at, last_used_at), update (last_used_at)
  on api_keys to postrider_system;

alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy own on api_keys to postrider_api
  using (tenant = (select nullif(current_setting('app.tenant', true), '')))
  with check (tenant = (select nullif(current_setting('app.tenant', true), '')));
create policy system on api_keys to postrider_system using (true) with check (true);
