-- Orders to send many deliveries again. A job is worked on by one instance at a time, which renews
-- its lease; another takes it over from the cursor when the lease has lapsed.
create table replays (
  tenant text not null references tenants,
  id uuid not null,
  destination_id uuid not null,
  -- What was asked for, in the shape of the API, defaults filled in.
  filter jsonb not null,
  state text not null check (state in ('pending', 'running', 'completed', 'cancelled', 'failed')),
  reason text,
  run bigint not null,
  -- Null while it is not known.
  total bigint,
  done bigint not null default 0,
  skipped bigint not null default 0,
  cursor jsonb,
  owner text,
  lease_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, id)
);
create index on replays (created_at) where state in ('pending', 'running');
create index on replays (tenant, created_at desc, id desc);

grant select, insert, update on replays to postrider_api;
grant select, update on replays to postrider_system;
alter table replays enable row level security;
alter table replays force row level security;
create policy own on replays to postrider_api
  using (tenant = (select nullif(current_setting('app.tenant', true), '')))
  with check (tenant = (select nullif(current_setting('app.tenant', true), '')));
create policy system on replays to postrider_system using (true) with check (true);
