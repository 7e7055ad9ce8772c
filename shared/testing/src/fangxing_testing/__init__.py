"""What tests of every service share: one PostgreSQL and one Kafka per run, fresh databases from templates."""
