-- Runs again whenever the password changes.
alter role postrider_api login password '${runtime_password}';
alter role postrider_system login password '${runtime_password}';
