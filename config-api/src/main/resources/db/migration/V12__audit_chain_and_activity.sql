-- The entries of a tenant are a chain: each hash is keyed, with a key that is not in here, and covers the one before. What
-- was written before there was a chain has no hash; the first hash covers all of it.
alter table audit_entries
  -- To the letter as it was hashed, which jsonb would not keep.
  alter column changes type text using changes::text,
  add column sequence bigint,
  -- HMAC-SHA256 in hexadecimal.
  add column hash text,
  add constraint chained check (sequence is not null and hash is not null) not valid;

-- No two entries have the same one before them.
create unique index audit_chain on audit_entries (tenant, sequence);

create index on audit_entries (tenant, at desc, id desc);
create index on audit_entries (tenant, resource_type, at desc, id desc);
create index on audit_entries (tenant, resource_id, at desc, id desc);
create index on audit_entries (tenant, actor_id, at desc, id desc);
create index on audit_entries (tenant, action, at desc, id desc);

-- For checkpoints and the verifier, who look at all tenants and write nothing.
grant select on audit_entries to postrider_system;
create policy system on audit_entries for select to postrider_system using (true);

-- What did not go well and when; most deliveries do, and cost it nothing.
create index deliveries_activity on deliveries (tenant, created_at desc, id desc)
  where state in ('failed', 'retrying', 'cancelled', 'waiting_authorization');
