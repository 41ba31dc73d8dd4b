-- Numbers of runs, each higher than all before it. The first run of a delivery has none and is 0.
create sequence runs as bigint;
grant usage on sequence runs to postrider_api;

-- The latest run, and the attempt from which its schedule counts. For destinations that want order:
-- where the delivery stands in it.
alter table deliveries
  add column run bigint not null default 0,
  add column first_attempt integer not null default 1,
  add column place bigint,
  add column behind bigint;
grant update (state, run, first_attempt, next_attempt_at, updated_at) on deliveries to postrider_api;

-- While one attempt is under way somebody may order the same one anew: both are made, both are told.
alter table attempts drop constraint attempts_pkey;
alter table attempts add column run bigint not null default 0;
alter table attempts add primary key (created_at, delivery_id, event_id, run, number);
