-- A day that is older than what is kept goes with its partitions, in one step. What of it has not ended stays until it
-- has, in the default partition. Returns the day, or null when there is none: to be called until then.
-- The partitions themselves have no row-level security, under which their owner would see nothing.
create function forget_day(kept interval) returns date
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  schema constant text := '${flyway:defaultSchema}';
  oldest date;
  part text;
begin
  perform pg_advisory_xact_lock(hashtext('postrider.partitions'));
  perform set_config('lock_timeout', '2s', true); -- whoever waits for this lock holds up all that come behind him
  select min(to_date(right(child.relname, 8), 'YYYYMMDD')) into oldest
    from pg_inherits join pg_class child on child.oid = inhrelid
    where inhparent = to_regclass(schema || '.deliveries') and child.relname ~ '^deliveries_\d{8}$';
  if oldest is null or oldest >= (now() at time zone 'UTC' - kept)::date then
    return null;
  end if;
  part := to_char(oldest, '_YYYYMMDD');
  -- In the order in which outcomes are recorded.
  execute format('lock table %1$I.attempts, %1$I.deliveries in access exclusive mode', schema);
  execute format('alter table %1$I.deliveries detach partition %1$I.%2$I', schema, 'deliveries' || part);
  execute format('alter table %1$I.attempts detach partition %1$I.%2$I', schema, 'attempts' || part);
  execute format(
    'insert into %1$I.attempts_default select attempt.* from %1$I.%2$I open join %1$I.%3$I attempt
       on attempt.created_at = open.created_at and attempt.delivery_id = open.id
       where open.state not in (''delivered'', ''failed'', ''cancelled'')',
    schema, 'deliveries' || part, 'attempts' || part);
  execute format(
    'insert into %1$I.deliveries_default select * from %1$I.%2$I
       where state not in (''delivered'', ''failed'', ''cancelled'')',
    schema, 'deliveries' || part);
  execute format('drop table %1$I.%2$I, %1$I.%3$I', schema, 'deliveries' || part, 'attempts' || part);
  return oldest;
end
$$;
revoke execute on function forget_day(interval) from public;
grant execute on function forget_day(interval) to postrider_system;
grant delete on deliveries, attempts, delivery_counts to postrider_system;
