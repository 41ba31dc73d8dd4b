-- Since when every attempt has failed; null while that is not so.
alter table destinations add column failing_since timestamptz;

-- Record headers: name, value, name, value.
alter table outbox add column headers text[] not null default '{}';

-- What waits for a destination. Most deliveries never do and cost it nothing.
create index on deliveries (tenant, destination_id)
  where state in ('pending', 'retrying', 'waiting_authorization');

-- The recorder keeps the clock; settings and keys stay out of its sight.
grant select (tenant, id, status, updated_at, failing_since), update (failing_since)
  on destinations to postrider_system;
create policy system on destinations to postrider_system using (true) with check (true);

-- A batch of reports with headers and excerpts is some megabytes; it should not go by way of disk.
alter role postrider_system set work_mem = '32MB';
