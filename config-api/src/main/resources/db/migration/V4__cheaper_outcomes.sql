-- Every row that the recorder writes pays for every index. One serves as the key and as the list of
-- a tenant; the name of a tenant tells an event nothing that its id does not.
alter table deliveries drop constraint deliveries_pkey;
alter table deliveries add primary key (tenant, created_at, id);
drop index deliveries_tenant_created_at_id_idx;
create index on deliveries (event_id);
drop index deliveries_tenant_event_id_idx;

-- JSON that the recorder wrote itself and that is handed out as it is: nothing to be parsed here.
alter table attempts
  alter column request_headers type text,
  alter column response_headers type text;
