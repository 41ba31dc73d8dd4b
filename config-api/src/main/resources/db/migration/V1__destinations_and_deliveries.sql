-- Two roles run the service; neither owns anything nor passes row-level security by.
-- postrider_api serves one tenant at a time; postrider_system is the relay and the recorder.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['postrider_api', 'postrider_system'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nosuperuser nocreatedb nocreaterole nobypassrls', role_name);
    end if;
  end loop;
end
$$;

create table tenants (
  id text primary key,
  created_at timestamptz not null default now()
);

create table destinations (
  tenant text not null references tenants,
  id uuid not null,
  version bigint not null,
  status text not null check (status in ('active', 'disabled', 'gone', 'failing')),
  status_reason text,
  -- The settings in the shape of the API, without any secret.
  settings jsonb not null,
  -- Sealed signing keys, newest first, and the last four characters of the current one.
  signing_keys text[] not null,
  signing_last4 text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (tenant, id)
);

create table audit_entries (
  tenant text not null references tenants,
  id uuid not null,
  at timestamptz not null,
  actor_type text not null,
  actor_id text not null,
  action text not null,
  resource_type text not null,
  resource_id text not null,
  -- [{field, before, after}], secrets redacted.
  changes jsonb not null,
  request_id text not null,
  primary key (tenant, id)
);

-- What Kafka has yet to be told. A null value is a tombstone.
create table outbox (
  id bigint generated always as identity primary key,
  tenant text not null references tenants,
  topic text not null,
  key text not null,
  value bytea
);

-- created_at is the time inside the delivery's id, so that an id alone leads to its partition.
create table deliveries (
  created_at timestamptz not null,
  id uuid not null,
  tenant text not null,
  destination_id uuid not null,
  event_id uuid not null,
  ce_id text not null,
  event_type text not null,
  state text not null,
  attempt_count integer not null,
  next_attempt_at timestamptz,
  last_http_status integer,
  last_reason text,
  updated_at timestamptz not null,
  -- Offset of the last outcome seen: what is older changes nothing any more.
  outcome_offset bigint not null,
  primary key (created_at, id)
) partition by range (created_at);

create index on deliveries (tenant, created_at desc, id desc);
create index on deliveries (tenant, destination_id, created_at desc, id desc);
create index on deliveries (tenant, event_id);

create table attempts (
  created_at timestamptz not null,
  delivery_id uuid not null,
  event_id uuid not null,
  number integer not null,
  tenant text not null,
  started_at timestamptz not null,
  duration_ms bigint not null,
  outcome text not null,
  reason text not null,
  http_status integer,
  request_headers jsonb not null,
  response_headers jsonb not null,
  response_excerpt text,
  next_attempt_at timestamptz,
  primary key (created_at, delivery_id, event_id, number)
) partition by range (created_at);

create table deliveries_default partition of deliveries default;
create table attempts_default partition of attempts default;

-- Partitions from yesterday to a week ahead. A day whose rows already lie in the default partition
-- stays there: they are found all the same.
create function ensure_partitions() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  day date;
  parent text;
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('postrider.partitions'));
  foreach parent in array array['deliveries', 'attempts'] loop
    for day in select generate_series(current_date - 1, current_date + 7, '1 day')::date loop
      part := parent || to_char(day, '_YYYYMMDD');
      if to_regclass('${flyway:defaultSchema}.' || part) is null then
        begin
          execute format(
            'create table %1$I.%2$I partition of %1$I.%3$I for values from (%4$L) to (%5$L)',
            '${flyway:defaultSchema}', part, parent,
            day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
        exception when check_violation then
          raise notice '% keeps its rows in the default partition', day;
        end;
      end if;
    end loop;
  end loop;
end
$$;
revoke execute on function ensure_partitions() from public;
grant execute on function ensure_partitions() to postrider_system;

grant usage on schema ${flyway:defaultSchema} to postrider_api, postrider_system;
grant select, insert on tenants to postrider_api;
grant select, insert, update, delete on destinations to postrider_api;
grant select, insert on audit_entries to postrider_api;
grant select, insert on outbox to postrider_api;
grant select, delete on outbox to postrider_system;
grant select on deliveries, attempts to postrider_api;
grant select, insert, update on deliveries, attempts to postrider_system;

alter table tenants enable row level security;
alter table tenants force row level security;
create policy own on tenants to postrider_api
  using (id = (select nullif(current_setting('app.tenant', true), '')));

do $$
declare
  name text;
begin
  foreach name in array array['destinations', 'audit_entries', 'outbox', 'deliveries', 'attempts']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy own on %I to postrider_api
         using (tenant = (select nullif(current_setting(''app.tenant'', true), '''')))
         with check (tenant = (select nullif(current_setting(''app.tenant'', true), '''')))',
      name);
  end loop;
  foreach name in array array['outbox', 'deliveries', 'attempts'] loop
    execute format(
      'create policy system on %I to postrider_system using (true) with check (true)', name);
  end loop;
end
$$;
