-- What a tenant publishes. Each schema that a type has had keeps its number.
create table event_types (
  tenant text not null references tenants,
  name text not null,
  -- Its place in lists.
  uid uuid not null,
  -- How often it has been changed.
  revision bigint not null,
  -- Of the schema in force.
  version integer not null,
  -- In the shape of the API; a text, since an example is shown as it was written.
  settings json not null,
  -- [{version, schema, example, created_at}], oldest first, without the one in force.
  earlier json not null,
  version_created_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, name)
);
create unique index on event_types (tenant, uid);

grant select, insert, update, delete on event_types to postrider_api;

alter table event_types enable row level security;
alter table event_types force row level security;
create policy own on event_types to postrider_api
  using (tenant = (select nullif(current_setting('app.tenant', true), '')))
  with check (tenant = (select nullif(current_setting('app.tenant', true), '')));
